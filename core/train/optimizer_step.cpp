#include "core/train/optimizer_step.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <utility>

namespace z2 {

namespace {

// Loss scaling as of Micikevicius et al., "Mixed precision training", 2018: halved when gradients
// overflow, doubled after a long time without.
constexpr double kFirstLossScale = 65536;
constexpr double kMostLossScale = 16777216;
constexpr int64_t kStepsBeforeDoubling = 2000;

}  // namespace

OptimizerStep::OptimizerStep(Llama& model, AdamWOptimizer& optimizer, BatchSampler sampler,
                             Shape shape)
    : model_(model),
      optimizer_(optimizer),
      sampler_(std::move(sampler)),
      shape_(shape),
      batches_(static_cast<size_t>(shape.microBatches)) {}

void OptimizerStep::adjustLossScale(TrainState& state, bool isSkipped) const {
  if (shape_.type != DType::kF16) return;
  ++state.stepsAtLossScale;
  if (!isSkipped && state.stepsAtLossScale < kStepsBeforeDoubling) return;
  state.lossScale = isSkipped ? state.lossScale / 2 : std::min(state.lossScale * 2, kMostLossScale);
  state.stepsAtLossScale = 0;
}

Result<StepOutcome> OptimizerStep::run(TrainState& state, double learningRate) {
  if (state.step == 0 && shape_.type == DType::kF16) state.lossScale = kFirstLossScale;
  StepOutcome outcome;
  for (size_t i = 0; i < batches_.size(); ++i) {
    const uint64_t at = state.cursor + i * static_cast<uint64_t>(shape_.rows);
    Z2_TRY_VOID(sampler_.read(at, shape_.rows, batches_[i]));
    outcome.validTokens += batches_[i].validTokens;
    state.tokens += static_cast<uint64_t>(batches_[i].rows * batches_[i].columns);
  }
  const double perToken = 1.0 / static_cast<double>(std::max<int64_t>(1, outcome.validTokens));
  const auto gradScale = static_cast<float>(state.lossScale * perToken);
  for (const Batch& batch : batches_)
    Z2_TRY_VOID(model_.forwardBackward(batch, {gradScale, state.microBatches++}));
  const double unscale = 1.0 / state.lossScale;
  Z2_TRY_VOID(optimizer_.step(state.step + 1, static_cast<float>(learningRate),
                              static_cast<float>(unscale)));
  Z2_TRY(outcome.loss, model_.takeLossSum());
  Z2_TRY(const double norm, optimizer_.gradientNorm());
  outcome.gradNorm = norm * unscale;
  outcome.isSkipped = !std::isfinite(norm);

  ++state.step;
  state.cursor += static_cast<uint64_t>(samplesPerStep());
  // An overflow under a loss scale above 1 is how the scale is found, not a fault of the run.
  const bool isFault = outcome.isSkipped && state.lossScale <= 1;
  state.skippedSteps += outcome.isSkipped ? 1 : 0;
  state.skippedInRow = isFault ? state.skippedInRow + 1 : 0;
  adjustLossScale(state, outcome.isSkipped);
  return outcome;
}

}  // namespace z2
