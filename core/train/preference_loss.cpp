#include "core/train/preference_loss.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <string>
#include <utility>

#include "core/base/check.h"

namespace z2 {

namespace {

constexpr std::array<std::pair<PreferenceLoss, std::string_view>, 8> kNames = {
    {{PreferenceLoss::kSigmoid, "sigmoid"},
     {PreferenceLoss::kRobust, "robust"},
     {PreferenceLoss::kHinge, "hinge"},
     {PreferenceLoss::kIpo, "ipo"},
     {PreferenceLoss::kKtoPair, "kto_pair"},
     {PreferenceLoss::kSppoHard, "sppo_hard"},
     {PreferenceLoss::kNcaPair, "nca_pair"},
     {PreferenceLoss::kBcoPair, "bco_pair"}}};

double logistic(double x) {
  return x >= 0 ? 1 / (1 + std::exp(-x)) : std::exp(x) / (1 + std::exp(x));
}

double logLogistic(double x) {
  return x >= 0 ? -std::log1p(std::exp(-x)) : x - std::log1p(std::exp(x));
}

// A loss and its derivatives with respect to c and r.
struct Terms {
  double loss = 0;
  double byC = 0;
  double byR = 0;
};

// sigmoid and robust: (a log s(x) + b log s(-x)) * scale of x = beta d.
Terms smoothed(const PreferenceSettings& settings, double d, double a, double b, double scale) {
  const double x = settings.beta * d;
  const double slope = scale * settings.beta * (a * logistic(-x) - b * logistic(x));
  return {scale * (a * logLogistic(x) + b * logLogistic(-x)), slope, -slope};
}

Terms ktoPair(double beta, double c, double r, const PreferenceMeans& means) {
  const double chosen = logistic(beta * (c - means.rejected));
  const double rejected = logistic(beta * (means.chosen - r));
  return {(1 - chosen + 1 - rejected) / 2, -beta * chosen * (1 - chosen) / 2,
          beta * rejected * (1 - rejected) / 2};
}

Terms ncaPair(double beta, double c, double r) {
  const double x = beta * c;
  const double y = beta * r;
  return {-logLogistic(x) - 0.5 * logLogistic(-x) - 0.5 * logLogistic(-y),
          beta * (-logistic(-x) + 0.5 * logistic(x)), beta * 0.5 * logistic(y)};
}

Terms termsOf(const PreferenceSettings& settings, double c, double r,
              const PreferenceMeans& means) {
  const double beta = settings.beta;
  const double epsilon = settings.labelSmoothing;
  const double d = c - r;
  switch (settings.loss) {
    case PreferenceLoss::kSigmoid:
      return smoothed(settings, d, -(1 - epsilon), -epsilon, 1);
    case PreferenceLoss::kRobust:
      return smoothed(settings, d, -(1 - epsilon), epsilon, 1 / (1 - 2 * epsilon));
    case PreferenceLoss::kHinge: {
      const double slope = beta * d < 1 ? -beta : 0.0;
      return {std::max(0.0, 1 - beta * d), slope, -slope};
    }
    case PreferenceLoss::kIpo: {
      const double x = d - 0.5 / beta;
      return {x * x, 2 * x, -2 * x};
    }
    case PreferenceLoss::kKtoPair:
      return ktoPair(beta, c, r, means);
    case PreferenceLoss::kSppoHard: {
      const double x = c - 0.5 / beta;
      const double y = r + 0.5 / beta;
      return {x * x + y * y, 2 * x, 2 * y};
    }
    case PreferenceLoss::kNcaPair:
      return ncaPair(beta, c, r);
    case PreferenceLoss::kBcoPair: {
      const double x = beta * c - means.delta;
      const double y = beta * r - means.delta;
      return {-logLogistic(x) - logLogistic(-y), -beta * logistic(-x), beta * logistic(y)};
    }
  }
  return {};
}

// c and r of a pair, in the units of the loss.
struct Ratios {
  double chosen = 0;
  double rejected = 0;
};

Ratios ratiosOf(const PreferenceSettings& settings, const PairLogProbs& pair) {
  const double reference = settings.isReferenceFree ? 0 : 1;
  const bool takesMeans = settings.takesMeans();
  const double perChosen = takesMeans ? 1 / static_cast<double>(pair.chosenTokens) : 1;
  const double perRejected = takesMeans ? 1 / static_cast<double>(pair.rejectedTokens) : 1;
  return {(pair.chosen - reference * pair.referenceChosen) * perChosen,
          (pair.rejected - reference * pair.referenceRejected) * perRejected};
}

}  // namespace

std::string_view nameOf(PreferenceLoss loss) {
  return std::ranges::find(kNames, loss, [](const auto& entry) { return entry.first; })->second;
}

PreferenceSettings PreferenceSettings::fromRunConfig(const RunConfig& config) {
  const std::string& name = config.text("dpo.loss");
  const auto* const found =
      std::ranges::find(kNames, name, [](const auto& entry) { return entry.second; });
  Z2_CHECK(found != kNames.end(), "the schema offers a loss that is not here");
  return {.loss = found->first,
          .beta = config.real("dpo.beta"),
          .labelSmoothing = config.real("dpo.label_smoothing"),
          .isReferenceFree = config.flag("dpo.reference_free"),
          .isLengthNormalised = config.flag("dpo.length_normalised")};
}

PreferenceMeans preferenceMeans(const PreferenceSettings& settings,
                                std::span<const PairLogProbs> pairs, RewardMean& seen,
                                bool isTraining) {
  const auto count = static_cast<double>(std::max<size_t>(1, pairs.size()));
  PreferenceMeans means;
  for (const PairLogProbs& pair : pairs) {
    const Ratios ratios = ratiosOf(settings, pair);
    means.chosen += ratios.chosen / count;
    means.rejected += ratios.rejected / count;
  }
  // A step that is not finite is passed over, and must not be remembered for ever.
  const double rewards = settings.beta * (means.chosen + means.rejected) * count;
  if (isTraining && settings.loss == PreferenceLoss::kBcoPair && std::isfinite(rewards)) {
    seen.sum += rewards;
    seen.count += 2 * count;
  }
  means.delta = seen.count > 0 ? seen.sum / seen.count : 0;
  means.chosen = std::max(0.0, means.chosen);
  means.rejected = std::max(0.0, means.rejected);
  return means;
}

std::vector<PairLoss> preferenceLosses(const PreferenceSettings& settings,
                                       std::span<const PairLogProbs> pairs,
                                       const PreferenceMeans& means) {
  std::vector<PairLoss> losses;
  for (const PairLogProbs& pair : pairs) {
    const Ratios ratios = ratiosOf(settings, pair);
    const Terms terms = termsOf(settings, ratios.chosen, ratios.rejected, means);
    const double perChosen = settings.takesMeans() ? 1 / static_cast<double>(pair.chosenTokens) : 1;
    const double perRejected =
        settings.takesMeans() ? 1 / static_cast<double>(pair.rejectedTokens) : 1;
    losses.push_back({.loss = terms.loss,
                      .byChosen = terms.byC * perChosen,
                      .byRejected = terms.byR * perRejected,
                      .chosenReward = settings.beta * ratios.chosen / perChosen,
                      .rejectedReward = settings.beta * ratios.rejected / perRejected});
  }
  return losses;
}

}  // namespace z2
