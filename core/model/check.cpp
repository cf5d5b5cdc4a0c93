#include "core/model/check.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

namespace z2 {

namespace {

// One row padded to nothing: rows differ in length, and each is a batch of its own.
Batch batchOf(const std::vector<int32_t>& row) {
  Batch batch;
  batch.rows = 1;
  batch.columns = static_cast<int64_t>(row.size());
  batch.tokens = row;
  batch.targets.assign(row.begin() + 1, row.end());
  batch.targets.push_back(-1);
  batch.validTokens = batch.columns - 1;
  return batch;
}

Result<int64_t> countTargets(const Llama& model, const std::vector<std::vector<int32_t>>& rows) {
  if (rows.empty()) return badInput("tokens", "there are no rows", "Give at least one.");
  int64_t count = 0;
  for (size_t i = 0; i < rows.size(); ++i) {
    const auto length = static_cast<int64_t>(rows[i].size());
    if (length < 2 || length > model.options().columns) {
      return badInput(
          fmt::format("row {} of the tokens", i),
          fmt::format("it has {} tokens, outside 2 .. {}", length, model.options().columns));
    }
    count += length - 1;
  }
  return count;
}

}  // namespace

Result<ModelCheck> checkModel(Llama& model, const std::vector<std::vector<int32_t>>& rows) {
  Z2_TRY(const int64_t count, countTargets(model, rows));
  ModelCheck check;
  Z2_TRY_VOID(model.zeroGradients());
  Z2_TRY_VOID(model.takeLossSum());
  double sum = 0;
  for (const std::vector<int32_t>& row : rows) {
    const Batch batch = batchOf(row);
    Z2_TRY(const double loss, model.evaluate(batch));
    sum += loss;
    Z2_TRY(std::vector<float> logits, model.logitsAt(0, batch.columns - 1));
    check.lastLogits.push_back(std::move(logits));
    Z2_TRY_VOID(model.forwardBackward(batch, {.gradScale = 1.0f / static_cast<float>(count)}));
  }
  Z2_TRY_VOID(model.takeLossSum());
  check.loss = sum / static_cast<double>(count);

  double total = 0;
  std::vector<float> values;
  for (const HfTensor& tensor : model.layout().hfTensors()) {
    values.resize(static_cast<size_t>(tensor.size));
    Z2_TRY_VOID(model.readGradient(tensor, values));
    double squares = 0;
    for (const float value : values) squares += static_cast<double>(value) * value;
    check.gradNorms.emplace_back(tensor.name, std::sqrt(squares));
    total += squares;
  }
  check.gradNorm = std::sqrt(total);
  return check;
}

}  // namespace z2
