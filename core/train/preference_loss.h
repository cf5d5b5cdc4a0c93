#pragma once

// Losses of preference pairs on the log probabilities of their answers, and their derivatives.
//
// With c = log pi(chosen) - log ref(chosen), r the same of the rejected answer, d = c - r, beta and
// epsilon (label smoothing):
// sigmoid: Rafailov et al., 2023 (DPO); smoothed: Mitchell, "A note on DPO with noisy preferences"
//     -(1 - epsilon) log s(beta d) - epsilon log s(-beta d)
// robust: Chowdhury et al., "Provably robust DPO", 2024
//     (-(1 - epsilon) log s(beta d) + epsilon log s(-beta d)) / (1 - 2 epsilon)
// hinge: Zhao et al., 2023 (SLiC-HF); Liu et al., 2023
//     max(0, 1 - beta d)
// ipo: Azar et al., 2023, equation 17; c and r per token
//     (d - 1 / (2 beta))^2
// kto_pair: Ethayarajh et al., 2024 (KTO), equation 7; C = max(0, mean c) and R = max(0, mean r)
// over the optimizer step, both constants
//     (1 - s(beta (c - R)) + 1 - s(beta (C - r))) / 2
// sppo_hard: Wu et al., 2024 (SPPO), equation 4.7
//     (c - 1 / (2 beta))^2 + (r + 1 / (2 beta))^2
// nca_pair: Chen et al., 2024 (NCA)
//     -log s(beta c) - log s(-beta c) / 2 - log s(-beta r) / 2
// bco_pair: Jung et al., 2024 (BCO); delta is the mean of all rewards so far, a constant
//     -log s(beta c - delta) - log s(-(beta r - delta))
// s is the logistic function. Rewards, for the metrics, are beta c and beta r of the sums in every
// loss, as TRL has them.

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "core/base/error.h"
#include "core/config/run_config.h"

namespace z2 {

enum class PreferenceLoss {
  kSigmoid,
  kRobust,
  kHinge,
  kIpo,
  kKtoPair,
  kSppoHard,
  kNcaPair,
  kBcoPair
};
[[nodiscard]] std::string_view nameOf(PreferenceLoss loss);

struct PreferenceSettings {
  PreferenceLoss loss = PreferenceLoss::kSigmoid;
  double beta = 0.1;
  double labelSmoothing = 0;        // sigmoid and robust
  bool isReferenceFree = false;     // the reference's log probabilities count as 0
  bool isLengthNormalised = false;  // log probabilities per token; ipo always takes them so

  [[nodiscard]] static PreferenceSettings fromRunConfig(const RunConfig& config);
  [[nodiscard]] bool takesMeans() const {
    return isLengthNormalised || loss == PreferenceLoss::kIpo;
  }
  // The loss of a pair depends on all the others of its step (PreferenceMeans).
  [[nodiscard]] bool looksAtWholeStep() const {
    return loss == PreferenceLoss::kKtoPair || loss == PreferenceLoss::kBcoPair;
  }
};

// Of one pair: sums over the tokens of an answer, and how many those are (at least 1).
struct PairLogProbs {
  double chosen = 0;
  double rejected = 0;
  double referenceChosen = 0;
  double referenceRejected = 0;
  int64_t chosenTokens = 1;
  int64_t rejectedTokens = 1;
};

struct PairLoss {
  double loss = 0;
  double byChosen = 0;  // derivative with respect to the sum `chosen`
  double byRejected = 0;
  double chosenReward = 0;
  double rejectedReward = 0;
};

// What bco_pair remembers: the rewards of all answers that were trained on.
struct RewardMean {
  double sum = 0;
  double count = 0;

  [[nodiscard]] bool operator==(const RewardMean&) const = default;
};

// What the loss of a pair takes from all pairs of its optimizer step; constants.
struct PreferenceMeans {
  double chosen = 0;    // kto_pair's C
  double rejected = 0;  // and R
  double delta = 0;     // bco_pair's
};
// In training bco_pair adds the rewards of the pairs to `seen` first.
[[nodiscard]] PreferenceMeans preferenceMeans(const PreferenceSettings& settings,
                                              std::span<const PairLogProbs> pairs, RewardMean& seen,
                                              bool isTraining);

// One a pair, in their order.
[[nodiscard]] std::vector<PairLoss> preferenceLosses(const PreferenceSettings& settings,
                                                     std::span<const PairLogProbs> pairs,
                                                     const PreferenceMeans& means);

}  // namespace z2
