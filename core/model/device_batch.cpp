#include "core/model/device_batch.h"

#include <string>

#include <fmt/format.h>

#include "core/model/operations.h"

namespace z2 {

namespace {

Result<void> requireRange(const char* what, const std::vector<int32_t>& values, int64_t columns,
                          int64_t from, int64_t to) {
  for (size_t i = 0; i < values.size(); ++i) {
    if (values[i] >= from && values[i] < to) continue;
    return badInput(fmt::format("row {}, column {} of the batch", i / static_cast<size_t>(columns),
                                i % static_cast<size_t>(columns)),
                    fmt::format("{} {} is outside {} .. {}", what, values[i], from, to - 1),
                    "Check that data and tokenizer belong to this model.");
  }
  return {};
}

Result<void> checkBatch(const Batch& batch, int64_t maxRows, int64_t maxColumns,
                        int64_t vocabSize) {
  if (batch.rows < 1 || batch.columns < 1 || batch.rows > maxRows || batch.columns > maxColumns) {
    return badInput("batch",
                    fmt::format("{} x {} tokens do not fit a model made for {} x {}", batch.rows,
                                batch.columns, maxRows, maxColumns),
                    "Lower the batch, or make the model for a larger one.");
  }
  const auto size = static_cast<size_t>(batch.rows * batch.columns);
  const auto fits = [size](const std::vector<int32_t>& values, bool mayBeEmpty) {
    return values.size() == size || (mayBeEmpty && values.empty());
  };
  if (!fits(batch.tokens, false) || !fits(batch.targets, false) || !fits(batch.positions, true) ||
      !fits(batch.documentStart, true)) {
    return badInput("batch", "its arrays are not rows x columns long");
  }
  Z2_TRY_VOID(requireRange("token", batch.tokens, batch.columns, 0, vocabSize));
  Z2_TRY_VOID(requireRange("target", batch.targets, batch.columns, INT32_MIN, vocabSize));
  Z2_TRY_VOID(requireRange("position", batch.positions, batch.columns, 0, maxColumns));
  return requireRange("document start", batch.documentStart, batch.columns, 0, batch.columns);
}

}  // namespace

Result<void> DeviceBatch::upload(const Z2Ops& ops, const Batch& batch, int64_t maxRows,
                                 int64_t maxColumns, int64_t vocabSize) {
  Z2_TRY_VOID(checkBatch(batch, maxRows, maxColumns, vocabSize));
  rows = batch.rows;
  columns = batch.columns;
  hasDocuments = !batch.documentStart.empty();
  const auto copy = [&](int32_t* to, const std::vector<int32_t>& from) {
    return checkStatus(
        ops, ops.copyToDevice(ops.context, to, from.data(), from.size() * sizeof(int32_t)),
        "copying a batch");
  };
  Z2_TRY_VOID(copy(tokens, batch.tokens));
  Z2_TRY_VOID(copy(targets, batch.targets));
  if (hasDocuments) Z2_TRY_VOID(copy(documentStart, batch.documentStart));
  if (!batch.positions.empty()) return copy(positions, batch.positions);

  const auto size = static_cast<size_t>(rows * columns);
  if (counted.size() != size || countedColumns != columns) {
    Z2_TRY_VOID(checkStatus(ops, ops.synchronize(ops.context), "copying a batch"));
    counted.resize(size);
    countedColumns = columns;
    for (size_t i = 0; i < size; ++i) {
      counted[i] = static_cast<int32_t>(i % static_cast<size_t>(columns));
    }
  }
  return copy(positions, counted);
}

}  // namespace z2
