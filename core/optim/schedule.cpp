#include "core/optim/schedule.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <string>

#include <fmt/format.h>

namespace z2 {

Result<LearningRateSchedule> LearningRateSchedule::fromRunConfig(const RunConfig& run) {
  LearningRateSchedule schedule;
  const std::string& name = run.text("optim.schedule");
  if (name == "cosine") {
    schedule.kind = Kind::kCosine;
  } else if (name == "wsd") {
    schedule.kind = Kind::kWsd;
  } else if (name == "constant") {
    schedule.kind = Kind::kConstant;
  } else {
    return badInput("optim.schedule", fmt::format("\"{}\" is not known", name),
                    "Use cosine, wsd or constant.");
  }
  schedule.peak = run.real("optim.lr");
  schedule.minimum = run.real("optim.min_lr");
  schedule.warmupSteps = run.integer("optim.warmup_steps");
  schedule.stableSteps = run.integer("optim.stable_steps");
  schedule.totalSteps = run.integer("train.steps");
  return schedule;
}

double LearningRateSchedule::at(int64_t step) const {
  if (step < warmupSteps) {
    return peak * static_cast<double>(step) / static_cast<double>(warmupSteps);
  }
  if (kind == Kind::kConstant) return peak;
  const int64_t decayBegin = warmupSteps + (kind == Kind::kWsd ? stableSteps : 0);
  if (step <= decayBegin) return peak;
  if (step >= totalSteps) return minimum;
  const double share =
      static_cast<double>(step - decayBegin) / static_cast<double>(totalSteps - decayBegin);
  const double height =
      kind == Kind::kWsd ? 1.0 - share : 0.5 * (1.0 + std::cos(std::numbers::pi * share));
  return minimum + (peak - minimum) * height;
}

}  // namespace z2
