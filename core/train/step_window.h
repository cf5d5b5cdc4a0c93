#pragma once

// A row of metrics.jsonl: what the steps since the row before came to. The sums lie in TrainState,
// so that a run that was interrupted writes the rows of one that was not; seconds and speeds are
// those of this process.

#include <cstdint>

#include "core/base/error.h"
#include "core/config/run_config.h"
#include "core/io/json.h"
#include "core/model/llama.h"
#include "core/train/objective.h"
#include "core/train/train_state.h"

namespace z2 {

class StepWindow {
 public:
  // The model and the configuration outlive it. `peakTflops` of the device.
  StepWindow(const RunConfig& config, const Llama& model, double peakTflops, int64_t tokensPerStep)
      : config_(config), model_(model), peakTflops_(peakTflops), tokensPerStep_(tokensPerStep) {}

  void add(const StepOutcome& outcome, double seconds, TrainState& state);
  // Of at least one step; the next window begins.
  [[nodiscard]] Json take(TrainState& state, double learningRate);

 private:
  const RunConfig& config_;
  const Llama& model_;
  double peakTflops_;
  int64_t tokensPerStep_;
  double seconds_ = 0;
  int64_t steps_ = 0;
  int64_t counted_ = 0;
  double lastGradNorm_ = 0;
};

}  // namespace z2
