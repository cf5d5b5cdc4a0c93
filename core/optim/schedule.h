#pragma once

// The learning rate of each step.

#include <cstdint>

#include "core/base/error.h"
#include "core/config/run_config.h"

namespace z2 {

// A value type; `at` is a pure function of the step, so a resumed run needs no state.
struct LearningRateSchedule {
  enum class Kind { kCosine, kWsd, kConstant };

  Kind kind = Kind::kCosine;
  double peak = 1e-3;
  double minimum = 0;
  int64_t warmupSteps = 0;
  int64_t stableSteps = 0;  // wsd: steps at the peak after the warm-up
  int64_t totalSteps = 1;

  [[nodiscard]] static Result<LearningRateSchedule> fromRunConfig(const RunConfig& run);

  // Step counts from 1. Warm-up is linear and reaches the peak at step warmupSteps. Then cosine:
  // half a cosine down to the minimum at totalSteps (Loshchilov & Hutter, 2016, without restarts);
  // wsd: stableSteps at the peak, then a straight line down to the minimum at totalSteps (Hu et
  // al., "MiniCPM", 2024); constant: the peak.
  [[nodiscard]] double at(int64_t step) const;
};

}  // namespace z2
