#include "core/train/preference_objective.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <utility>
#include <vector>

namespace z2 {

namespace {

// Sums of a batch's log probabilities by answer, with the reference's beside them.
std::vector<PairLogProbs> pairsOf(const PreferenceBatch& batch, std::span<const float> logProbs,
                                  const ReferenceLogProbs& reference, bool isReferenceFree) {
  std::vector<double> sums(2 * batch.pairs.size(), 0.0);
  for (size_t i = 0; i < logProbs.size(); ++i)
    if (batch.sequence[i] >= 0)
      sums[static_cast<size_t>(batch.sequence[i])] += static_cast<double>(logProbs[i]);
  std::vector<PairLogProbs> pairs(batch.pairs.size());
  for (size_t k = 0; k < pairs.size(); ++k) {
    pairs[k] = {.chosen = sums[2 * k],
                .rejected = sums[2 * k + 1],
                .chosenTokens = batch.completionTokens[2 * k],
                .rejectedTokens = batch.completionTokens[2 * k + 1]};
    if (isReferenceFree) continue;
    pairs[k].referenceChosen = reference.chosen(batch.pairs[k]);
    pairs[k].referenceRejected = reference.rejected(batch.pairs[k]);
  }
  return pairs;
}

void addMetrics(std::span<const PairLoss> losses, std::span<const PairLogProbs> logProbs,
                Metrics& sums) {
  for (const PairLoss& pair : losses) {
    sums["rewards/chosen"] += pair.chosenReward;
    sums["rewards/rejected"] += pair.rejectedReward;
    sums["rewards/accuracies"] += pair.chosenReward > pair.rejectedReward ? 1 : 0;
    sums["rewards/margins"] += pair.chosenReward - pair.rejectedReward;
  }
  for (const PairLogProbs& pair : logProbs) {
    sums["logps/chosen"] += pair.chosen;
    sums["logps/rejected"] += pair.rejected;
  }
}

// Minus the derivative of the losses' sum with respect to each target's log probability; of the
// chosen answers' also what the added loss of their tokens weighs.
void fillWeights(const PreferenceBatch& batch, std::span<const PairLoss> losses,
                 double chosenTokenWeight, std::span<float> weights) {
  for (size_t i = 0; i < weights.size(); ++i) {
    if (batch.sequence[i] < 0 || batch.batch.targets[i] < 0) continue;
    const auto sequence = static_cast<size_t>(batch.sequence[i]);
    const PairLoss& pair = losses[sequence / 2];
    const bool isChosen = sequence % 2 == 0;
    weights[i] =
        static_cast<float>(isChosen ? chosenTokenWeight - pair.byChosen : -pair.byRejected);
  }
}

int64_t chosenTokensOf(const PreferenceBatch& batch) {
  int64_t tokens = 0;
  for (size_t k = 0; k < batch.completionTokens.size(); k += 2) tokens += batch.completionTokens[k];
  return tokens;
}

}  // namespace

PreferenceObjective::PreferenceObjective(PreferenceTask task, Shape shape)
    : task_(std::move(task)), shape_(shape), batches_(static_cast<size_t>(shape.microBatches)) {}

Result<StepOutcome> PreferenceObjective::accumulate(Llama& model, TrainState& state,
                                                    double lossScale) {
  StepOutcome outcome;
  int64_t chosenTokens = 0;
  for (size_t i = 0; i < batches_.size(); ++i) {
    const uint64_t at = state.cursor + i * static_cast<uint64_t>(task_.groups);
    Z2_TRY_VOID(task_.sampler.read(at, task_.groups, batches_[i]));
    outcome.counted += static_cast<int64_t>(batches_[i].pairs.size());
    chosenTokens += chosenTokensOf(batches_[i]);
    state.tokens += static_cast<uint64_t>(batches_[i].batch.rows * batches_[i].batch.columns);
  }
  const auto pairs = static_cast<double>(std::max<int64_t>(1, outcome.counted));
  // Beside the mean over pairs, which gradScale divides by.
  const double perToken =
      shape_.sftWeight * pairs / static_cast<double>(std::max<int64_t>(1, chosenTokens));
  const auto gradScale = static_cast<float>(lossScale / pairs);
  // The only micro-batch has them when its own log probabilities come.
  std::optional<PreferenceMeans> ofStep;
  if (task_.settings.looksAtWholeStep() && batches_.size() > 1) {
    Z2_TRY(ofStep, meansOfStep(model, state));
  }
  double negativeLogProbs = 0;  // of the chosen answers' tokens
  for (size_t i = 0; i < batches_.size(); ++i) {
    const PreferenceBatch& batch = batches_[i];
    const auto weigh = [&](std::span<const float> logProbs,
                           std::span<float> weights) -> Result<void> {
      const std::vector<PairLogProbs> sums =
          pairsOf(batch, logProbs, task_.reference, task_.settings.isReferenceFree);
      const PreferenceMeans means =
          ofStep ? *ofStep : preferenceMeans(task_.settings, sums, state.rewards, true);
      const std::vector<PairLoss> losses = preferenceLosses(task_.settings, sums, means);
      fillWeights(batch, losses, perToken, weights);
      addMetrics(losses, sums, outcome.sums);
      for (const PairLoss& pair : losses) outcome.loss += pair.loss;
      for (const PairLogProbs& pair : sums) negativeLogProbs -= pair.chosen;
      return {};
    };
    Z2_TRY_VOID(model.forwardBackward(
        batch.batch,
        {.gradScale = gradScale, .number = state.microBatches++, .hasSameWeights = i > 0}, weigh));
  }
  if (shape_.sftWeight > 0) {
    outcome.loss += perToken * negativeLogProbs;
    outcome.sums["nll_loss"] += perToken / shape_.sftWeight * negativeLogProbs;
  }
  return outcome;
}

Result<PreferenceMeans> PreferenceObjective::meansOfStep(Llama& model, TrainState& state) const {
  std::vector<PairLogProbs> all;
  for (size_t i = 0; i < batches_.size(); ++i) {
    // With the dropout of the pass that comes, so that it sees the same log probabilities.
    Z2_TRY(const std::vector<float> logProbs,
           model.targetLogProbs(batches_[i].batch, state.microBatches + i));
    const std::vector<PairLogProbs> pairs =
        pairsOf(batches_[i], logProbs, task_.reference, task_.settings.isReferenceFree);
    all.insert(all.end(), pairs.begin(), pairs.end());
  }
  return preferenceMeans(task_.settings, all, state.rewards, true);
}

uint64_t PreferenceObjective::samplesPerStep() const {
  return static_cast<uint64_t>(task_.groups * shape_.microBatches);
}

int64_t PreferenceObjective::tokensPerStep() const {
  return 2 * task_.groups * shape_.microBatches * shape_.columns;
}

PreferenceEvaluation::PreferenceEvaluation(PreferenceTask task, int64_t batches)
    : task_(std::move(task)),
      groups_(std::min(task_.sampler.groupsPerEpoch(),
                       static_cast<uint64_t>(task_.groups * batches))) {}

Result<Metrics> PreferenceEvaluation::run(Llama& model, const TrainState& state,
                                          const std::function<void()>& onBatch) {
  std::vector<PairLogProbs> pairs;
  for (uint64_t at = 0; at < groups_;) {
    const auto groups =
        static_cast<int64_t>(std::min(static_cast<uint64_t>(task_.groups), groups_ - at));
    Z2_TRY_VOID(task_.sampler.read(at, groups, batch_));
    Z2_TRY(const std::vector<float> logProbs, model.targetLogProbs(batch_.batch));
    const std::vector<PairLogProbs> some =
        pairsOf(batch_, logProbs, task_.reference, task_.settings.isReferenceFree);
    pairs.insert(pairs.end(), some.begin(), some.end());
    at += static_cast<uint64_t>(groups);
    onBatch();
  }
  RewardMean rewards = state.rewards;
  const PreferenceMeans ofAll = preferenceMeans(task_.settings, pairs, rewards, false);
  const std::vector<PairLoss> losses = preferenceLosses(task_.settings, pairs, ofAll);
  Metrics sums;
  addMetrics(losses, pairs, sums);
  for (const PairLoss& pair : losses) sums["loss"] += pair.loss;
  const auto count = static_cast<double>(std::max<size_t>(1, pairs.size()));
  Metrics means;
  for (const auto& [name, sum] : sums) means["valid/" + name] = sum / count;
  return means;
}

}  // namespace z2
