#include "core/train/next_token.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <utility>

namespace z2 {

NextTokenObjective::NextTokenObjective(std::unique_ptr<BatchSource> source, Shape shape)
    : source_(std::move(source)),
      shape_(shape),
      batches_(static_cast<size_t>(shape.microBatches)) {}

Result<StepOutcome> NextTokenObjective::accumulate(Llama& model, TrainState& state,
                                                   double lossScale) {
  StepOutcome outcome;
  for (size_t i = 0; i < batches_.size(); ++i) {
    const uint64_t at = state.cursor + i * static_cast<uint64_t>(shape_.rows);
    Z2_TRY_VOID(source_->read(at, shape_.rows, batches_[i]));
    outcome.counted += batches_[i].validTokens;
    state.tokens += static_cast<uint64_t>(batches_[i].rows * batches_[i].columns);
  }
  const double perToken = 1.0 / static_cast<double>(std::max<int64_t>(1, outcome.counted));
  const auto gradScale = static_cast<float>(lossScale * perToken);
  for (size_t i = 0; i < batches_.size(); ++i)
    Z2_TRY_VOID(model.forwardBackward(
        batches_[i],
        {.gradScale = gradScale, .number = state.microBatches++, .hasSameWeights = i > 0}));
  Z2_TRY(outcome.loss, model.takeLossSum());
  return outcome;
}

uint64_t NextTokenObjective::samplesPerStep() const {
  return static_cast<uint64_t>(shape_.rows * shape_.microBatches);
}

int64_t NextTokenObjective::tokensPerStep() const {
  return shape_.rows * shape_.microBatches * shape_.columns;
}

NextTokenEvaluation::NextTokenEvaluation(std::unique_ptr<BatchSource> source, int64_t rows,
                                         int64_t batches)
    : source_(std::move(source)),
      rows_(rows),
      samples_(std::min(source_->samplesPerEpoch(), static_cast<uint64_t>(rows * batches))) {}

Result<Metrics> NextTokenEvaluation::run(Llama& model, const TrainState& /*state*/,
                                         const std::function<void()>& onBatch) {
  double loss = 0;
  int64_t tokens = 0;
  for (uint64_t at = 0; at < samples_;) {
    const auto rows = static_cast<int64_t>(std::min(static_cast<uint64_t>(rows_), samples_ - at));
    Z2_TRY_VOID(source_->read(at, rows, batch_));
    Z2_TRY(const double sum, model.evaluate(batch_));
    loss += sum;
    tokens += batch_.validTokens;
    at += static_cast<uint64_t>(rows);
    onBatch();
  }
  if (tokens == 0)
    return badInput("data.valid", "the validation data has no token that counts in the loss");
  return Metrics{{"valid/loss", loss / static_cast<double>(tokens)}};
}

}  // namespace z2
