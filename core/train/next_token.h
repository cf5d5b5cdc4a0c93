#pragma once

// The loss of the next token: pretraining and supervised fine-tuning.

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "core/data/batch_sampler.h"
#include "core/train/objective.h"

namespace z2 {

// The mean over the tokens of the whole step that have a target, so that accumulating micro-batches
// equals one large batch.
class NextTokenObjective final : public Objective {
 public:
  struct Shape {
    int64_t rows = 1;  // of a micro-batch
    int64_t microBatches = 1;
    int64_t columns = 1;
  };
  NextTokenObjective(std::unique_ptr<BatchSource> source, Shape shape);

  [[nodiscard]] Result<StepOutcome> accumulate(Llama& model, TrainState& state,
                                               double lossScale) override;
  [[nodiscard]] uint64_t samplesPerStep() const override;
  [[nodiscard]] int64_t tokensPerStep() const override;
  [[nodiscard]] std::string fingerprint() const override { return source_->fingerprint(); }

 private:
  std::unique_ptr<BatchSource> source_;
  Shape shape_;
  std::vector<Batch> batches_;
};

class NextTokenEvaluation final : public Evaluation {
 public:
  // The first `batches` × `rows` samples of `source`, in the data's order; not more than there are.
  NextTokenEvaluation(std::unique_ptr<BatchSource> source, int64_t rows, int64_t batches);

  [[nodiscard]] Result<Metrics> run(Llama& model, const TrainState& state,
                                    const std::function<void()>& onBatch) override;

 private:
  std::unique_ptr<BatchSource> source_;
  int64_t rows_;
  uint64_t samples_;
  Batch batch_;
};

}  // namespace z2
