#pragma once

// One optimizer step: the gradients of its micro-batches, the norm, AdamW.

#include <cstdint>
#include <memory>

#include "core/base/error.h"
#include "core/model/llama.h"
#include "core/optim/adamw_optimizer.h"
#include "core/train/objective.h"
#include "core/train/train_state.h"

namespace z2 {

class OptimizerStep {
 public:
  // Model and optimizer outlive it. fp16 is trained with a loss scale, found by trial.
  OptimizerStep(Llama& model, AdamWOptimizer& optimizer, std::unique_ptr<Objective> objective,
                DType type);

  // Step state.step + 1. Advances `state`, but for the window of the metrics.
  [[nodiscard]] Result<StepOutcome> run(TrainState& state, double learningRate);

  [[nodiscard]] const Objective& objective() const { return *objective_; }

 private:
  void adjustLossScale(TrainState& state, bool isSkipped) const;

  Llama& model_;
  AdamWOptimizer& optimizer_;
  std::unique_ptr<Objective> objective_;
  DType type_;
};

}  // namespace z2
