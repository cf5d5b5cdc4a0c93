#include "core/train/optimizer_step.h"

#include <algorithm>
#include <cmath>
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

OptimizerStep::OptimizerStep(Llama& model, AdamWOptimizer& optimizer,
                             std::unique_ptr<Objective> objective, DType type)
    : model_(model), optimizer_(optimizer), objective_(std::move(objective)), type_(type) {}

void OptimizerStep::adjustLossScale(TrainState& state, bool isSkipped) const {
  if (type_ != DType::kF16) return;
  ++state.stepsAtLossScale;
  if (!isSkipped && state.stepsAtLossScale < kStepsBeforeDoubling) return;
  state.lossScale = isSkipped ? state.lossScale / 2 : std::min(state.lossScale * 2, kMostLossScale);
  state.stepsAtLossScale = 0;
}

Result<StepOutcome> OptimizerStep::run(TrainState& state, double learningRate) {
  if (state.step == 0 && type_ == DType::kF16) state.lossScale = kFirstLossScale;
  Z2_TRY(StepOutcome outcome, objective_->accumulate(model_, state, state.lossScale));
  const double unscale = 1.0 / state.lossScale;
  Z2_TRY_VOID(optimizer_.step(state.step + 1, static_cast<float>(learningRate),
                              static_cast<float>(unscale)));
  Z2_TRY(const double norm, optimizer_.gradientNorm());
  outcome.gradNorm = norm * unscale;
  outcome.isSkipped = !std::isfinite(norm);

  ++state.step;
  state.cursor += objective_->samplesPerStep();
  // An overflow under a loss scale above 1 is how the scale is found, not a fault of the run.
  const bool isFault = outcome.isSkipped && state.lossScale <= 1;
  state.skippedSteps += outcome.isSkipped ? 1 : 0;
  state.skippedInRow = isFault ? state.skippedInRow + 1 : 0;
  adjustLossScale(state, outcome.isSkipped);
  return outcome;
}

}  // namespace z2
