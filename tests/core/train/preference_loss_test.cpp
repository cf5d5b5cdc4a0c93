// Preference losses against TRL's own numbers and the papers' formulas
// (tests/oracle/make_preference_goldens.py), and their derivatives against differences.

#include "core/train/preference_loss.h"

#include <cmath>
#include <span>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "core/io/json.h"

namespace z2 {
namespace {

constexpr PreferenceLoss kAll[] = {PreferenceLoss::kSigmoid, PreferenceLoss::kRobust,
                                   PreferenceLoss::kHinge,   PreferenceLoss::kIpo,
                                   PreferenceLoss::kKtoPair, PreferenceLoss::kSppoHard,
                                   PreferenceLoss::kNcaPair, PreferenceLoss::kBcoPair};

PreferenceLoss parseLoss(const std::string& name) {
  for (const PreferenceLoss loss : kAll)
    if (nameOf(loss) == name) return loss;
  ADD_FAILURE() << name;
  return PreferenceLoss::kSigmoid;
}

struct Goldens {
  std::vector<PairLogProbs> pairs;
  Json cases;
};

Goldens readGoldens() {
  Goldens goldens;
  const auto file = readJsonFile(Z2_PREFERENCE_GOLDENS);
  EXPECT_TRUE(file) << file.error().text();
  if (!file) return goldens;
  for (const Json& pair : file->at("pairs"))
    goldens.pairs.push_back({.chosen = pair.at("chosen").get<double>(),
                             .rejected = pair.at("rejected").get<double>(),
                             .referenceChosen = pair.at("reference_chosen").get<double>(),
                             .referenceRejected = pair.at("reference_rejected").get<double>(),
                             .chosenTokens = pair.at("chosen_tokens").get<int64_t>(),
                             .rejectedTokens = pair.at("rejected_tokens").get<int64_t>()});
  goldens.cases = file->at("cases");
  return goldens;
}

PreferenceSettings settingsOf(const Json& one) {
  return {.loss = parseLoss(one.at("loss").get<std::string>()),
          .beta = one.at("beta").get<double>(),
          .labelSmoothing = one.at("label_smoothing").get<double>(),
          .isReferenceFree = one.at("reference_free").get<bool>(),
          .isLengthNormalised = one.at("length_normalised").get<bool>()};
}

std::vector<PairLoss> lossesOf(const PreferenceSettings& settings,
                               std::span<const PairLogProbs> pairs, RewardMean& seen,
                               bool isTraining) {
  return preferenceLosses(settings, pairs, preferenceMeans(settings, pairs, seen, isTraining));
}

void expectMetrics(const std::vector<PairLoss>& losses, const Goldens& goldens,
                   const Json& metrics) {
  Json own = {{"rewards/chosen", 0.0}, {"rewards/rejected", 0.0},   {"rewards/margins", 0.0},
              {"logps/chosen", 0.0},   {"rewards/accuracies", 0.0}, {"logps/rejected", 0.0}};
  const auto count = static_cast<double>(losses.size());
  const auto add = [&](const char* name, double value) {
    own[name] = own[name].get<double>() + value / count;
  };
  for (size_t k = 0; k < losses.size(); ++k) {
    add("rewards/chosen", losses[k].chosenReward);
    add("rewards/rejected", losses[k].rejectedReward);
    add("rewards/margins", losses[k].chosenReward - losses[k].rejectedReward);
    add("rewards/accuracies", losses[k].chosenReward > losses[k].rejectedReward ? 1 : 0);
    add("logps/chosen", goldens.pairs[k].chosen);
    add("logps/rejected", goldens.pairs[k].rejected);
  }
  for (const auto& [name, value] : metrics.items())
    EXPECT_NEAR(own.at(name).get<double>(), value.get<double>(), 1e-6) << name;
}

TEST(PreferenceLoss, EqualsTrlAndThePapers) {
  const Goldens goldens = readGoldens();
  ASSERT_EQ(goldens.pairs.size(), 5u);
  ASSERT_EQ(goldens.cases.size(), 26u);
  int byTrl = 0;
  for (const Json& one : goldens.cases) {
    const PreferenceSettings settings = settingsOf(one);
    SCOPED_TRACE(one.at("source").get<std::string>() + " " + std::string(nameOf(settings.loss)));
    RewardMean seen;
    // TRL has dropped bco_pair's memory: a validation before any training has none either.
    const bool remembers = one.at("remembers").get<bool>();
    const std::vector<PairLoss> losses = lossesOf(settings, goldens.pairs, seen, remembers);
    ASSERT_EQ(losses.size(), goldens.pairs.size());
    double mean = 0;
    for (size_t k = 0; k < losses.size(); ++k) {
      mean += losses[k].loss / static_cast<double>(losses.size());
      EXPECT_NEAR(losses[k].byChosen, one.at("by_chosen").at(k).get<double>(), 1e-9);
      EXPECT_NEAR(losses[k].byRejected, one.at("by_rejected").at(k).get<double>(), 1e-9);
    }
    EXPECT_NEAR(mean, one.at("value").get<double>(), 1e-9);
    if (one.at("source") == "trl") {
      ++byTrl;
      expectMetrics(losses, goldens, one.at("metrics"));
    }
  }
  EXPECT_EQ(byTrl, 16);
}

// But for the means of the step, which count as constants.
TEST(PreferenceLoss, DerivativesAreThoseOfTheLoss) {
  const Goldens goldens = readGoldens();
  constexpr double kStep = 1e-5;
  for (const PreferenceLoss loss : kAll) {
    for (const bool isLengthNormalised : {false, true}) {
      const PreferenceSettings settings = {.loss = loss,
                                           .beta = 0.4,
                                           .labelSmoothing = 0.1,
                                           .isLengthNormalised = isLengthNormalised};
      for (const PairLogProbs& pair : goldens.pairs) {
        const auto lossAt = [&](double chosen, double rejected) {
          PairLogProbs moved = pair;
          moved.chosen += chosen;
          moved.rejected += rejected;
          RewardMean seen{.sum = 0.3, .count = 2};
          return lossesOf(settings, std::vector{moved}, seen, false)[0];
        };
        const PairLoss here = lossAt(0, 0);
        if (loss == PreferenceLoss::kKtoPair) continue;
        EXPECT_NEAR(here.byChosen, (lossAt(kStep, 0).loss - lossAt(-kStep, 0).loss) / (2 * kStep),
                    1e-6)
            << nameOf(loss);
        EXPECT_NEAR(here.byRejected, (lossAt(0, kStep).loss - lossAt(0, -kStep).loss) / (2 * kStep),
                    1e-6)
            << nameOf(loss);
      }
    }
  }
}

TEST(PreferenceLoss, BcoRemembersTheRewardsOfAllThatWasTrained) {
  const Goldens goldens = readGoldens();
  const PreferenceSettings settings = {.loss = PreferenceLoss::kBcoPair, .beta = 0.5};
  RewardMean seen;
  (void)preferenceMeans(settings, std::span(goldens.pairs).first(2), seen, true);
  (void)preferenceMeans(settings, std::span(goldens.pairs).subspan(2), seen, true);
  double sum = 0;
  for (const PairLogProbs& pair : goldens.pairs)
    sum += 0.5 * (pair.chosen - pair.referenceChosen + pair.rejected - pair.referenceRejected);
  EXPECT_NEAR(seen.sum, sum, 1e-12);
  EXPECT_EQ(seen.count, 10);
  const RewardMean before = seen;
  (void)preferenceMeans(settings, goldens.pairs, seen, false);
  EXPECT_EQ(seen, before);
}

TEST(PreferenceLoss, IsFiniteFarFromTheReference) {
  for (const PreferenceLoss loss : kAll) {
    for (const double far : {-2000.0, 2000.0}) {
      const PairLogProbs pair = {.chosen = far, .rejected = -far};
      RewardMean seen;
      const PairLoss one = lossesOf({.loss = loss, .beta = 1}, std::vector{pair}, seen, true)[0];
      EXPECT_TRUE(std::isfinite(one.loss) && std::isfinite(one.byChosen) &&
                  std::isfinite(one.byRejected))
          << nameOf(loss);
    }
  }
}

}  // namespace
}  // namespace z2
