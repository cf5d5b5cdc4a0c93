#pragma once

// Preference optimisation: chosen and rejected answers in one pass, the reference's log
// probabilities from before the training.

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "core/data/dpo_sampler.h"
#include "core/train/objective.h"
#include "core/train/preference_loss.h"
#include "core/train/reference_log_probs.h"

namespace z2 {

// What training and validation share.
struct PreferenceTask {
  DpoSampler sampler;
  ReferenceLogProbs reference;
  PreferenceSettings settings;
  int64_t groups = 1;  // of two rows, of a micro-batch
};

// The mean over the pairs of the whole step, plus sftWeight × the mean loss of the tokens of all
// its chosen answers. kto_pair and bco_pair, which look at the whole step, run its micro-batches
// forward once more before, where it has several. Metrics have TRL's names:
// rewards/{chosen,rejected,accuracies,margins}, logps/{chosen,rejected}, nll_loss.
class PreferenceObjective final : public Objective {
 public:
  struct Shape {
    int64_t microBatches = 1;
    int64_t columns = 1;
    double sftWeight = 0;
  };
  PreferenceObjective(PreferenceTask task, Shape shape);

  [[nodiscard]] Result<StepOutcome> accumulate(Llama& model, TrainState& state,
                                               double lossScale) override;
  [[nodiscard]] uint64_t samplesPerStep() const override;
  [[nodiscard]] int64_t tokensPerStep() const override;
  [[nodiscard]] std::string fingerprint() const override { return task_.sampler.fingerprint(); }

 private:
  // Of the pairs of batches_.
  [[nodiscard]] Result<PreferenceMeans> meansOfStep(Llama& model, TrainState& state) const;

  PreferenceTask task_;
  Shape shape_;
  std::vector<PreferenceBatch> batches_;
};

// The same names behind "valid/". kto_pair's means are those of all that is measured.
class PreferenceEvaluation final : public Evaluation {
 public:
  // The first `batches` micro-batches of the data; not more than there are.
  PreferenceEvaluation(PreferenceTask task, int64_t batches);

  [[nodiscard]] Result<Metrics> run(Llama& model, const TrainState& state,
                                    const std::function<void()>& onBatch) override;

 private:
  PreferenceTask task_;
  uint64_t groups_;
  PreferenceBatch batch_;
};

}  // namespace z2
