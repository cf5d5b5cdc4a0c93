#pragma once

// One optimizer step: its micro-batches forward and backward, the norm, AdamW.

#include <cstdint>
#include <utility>
#include <vector>

#include "core/base/error.h"
#include "core/data/batch_sampler.h"
#include "core/model/llama.h"
#include "core/optim/adamw_optimizer.h"
#include "core/train/train_state.h"

namespace z2 {

struct StepOutcome {
  double loss = 0;  // sum of the valid tokens' losses
  int64_t validTokens = 0;
  double gradNorm = 0;     // before clipping, of the mean loss
  bool isSkipped = false;  // the norm was not finite: weights and moments are as before
};

class OptimizerStep {
 public:
  struct Shape {
    int64_t rows = 1;  // of a micro-batch
    int64_t microBatches = 1;
    DType type = DType::kF32;  // fp16 is trained with a loss scale, found by trial
  };
  // Model and optimizer outlive it.
  OptimizerStep(Llama& model, AdamWOptimizer& optimizer, BatchSampler sampler, Shape shape);

  // Step state.step + 1. The gradient is that of the mean loss over the valid tokens of all its
  // micro-batches, however they are cut. Advances `state`, but for the window of the metrics.
  [[nodiscard]] Result<StepOutcome> run(TrainState& state, double learningRate);

  [[nodiscard]] int64_t samplesPerStep() const { return shape_.rows * shape_.microBatches; }
  [[nodiscard]] const BatchSampler& sampler() const { return sampler_; }

 private:
  void adjustLossScale(TrainState& state, bool isSkipped) const;

  Llama& model_;
  AdamWOptimizer& optimizer_;
  BatchSampler sampler_;
  Shape shape_;
  std::vector<Batch> batches_;
};

}  // namespace z2
