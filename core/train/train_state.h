#pragma once

// What a checkpoint holds of a run beside the tensors: with them, everything that the next step
// depends on. Random numbers need no state: they are drawn from counters (kernels/tensor.h).

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "core/base/error.h"
#include "core/io/json.h"
#include "core/train/preference_loss.h"

namespace z2 {

struct TrainState {
  int64_t step = 0;           // optimizer steps done, skipped ones included
  uint64_t cursor = 0;        // samples drawn: BatchSampler's index of the next one
  uint64_t microBatches = 0;  // done since the run began: the counter of dropout
  uint64_t tokens = 0;        // positions computed
  int64_t skippedSteps = 0;   // whose gradients were not finite, in all
  int64_t skippedInRow = 0;
  double lossScale = 1;          // fp16; 1 for other types
  int64_t stepsAtLossScale = 0;  // since it last changed
  // Of the steps since the last row of metrics.
  double windowLoss = 0;           // sum over what is counted: tokens with a target, or pairs
  uint64_t windowValidTokens = 0;  // how many those are
  std::map<std::string, double> windowMetrics;  // other sums over the same (preferences)
  RewardMean rewards;                           // what the loss bco_pair remembers
  std::optional<double> bestValidLoss;
  std::string dataFingerprint;  // BatchSampler::fingerprint

  [[nodiscard]] bool operator==(const TrainState&) const = default;
};

// `state` with the run's configuration, as manifest.json holds it.
[[nodiscard]] Json toJson(const TrainState& state, const Json& config);
[[nodiscard]] Result<TrainState> parseTrainState(const Json& value, std::string_view where);

}  // namespace z2
