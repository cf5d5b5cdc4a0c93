#include "core/generate/sampler.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <numeric>
#include <random>
#include <set>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace z2 {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr float kInfinity = std::numeric_limits<float>::infinity();
constexpr float kNotANumber = std::numeric_limits<float>::quiet_NaN();

int32_t draw(const SamplingOptions& options, const std::vector<float>& logits, uint64_t step = 0,
             const std::vector<int32_t>& context = {}) {
  Sampler sampler(options);
  return sampler.next(logits, context, step).value();
}

// Which ids come in many draws.
std::set<int32_t> support(const SamplingOptions& options, const std::vector<float>& logits) {
  std::set<int32_t> seen;
  for (uint64_t step = 0; step < 2000; ++step) seen.insert(draw(options, logits, step));
  return seen;
}

TEST(Sampler, TemperatureZeroTakesTheMostLikelyAndTheFirstOfEquals) {
  EXPECT_EQ(draw({}, {0.0F, 3.0F, 1.0F}), 1);
  EXPECT_EQ(draw({}, {2.0F, 3.0F, 3.0F}), 1);
  EXPECT_EQ(draw({}, {-kInfinity, -kInfinity, -1.0F}), 2);
}

TEST(Sampler, DrawsFollowTheProbabilities) {
  const std::vector<float> logits = {0.0F, 1.0F, 2.0F, -1.0F, 0.5F};
  const double temperature = 1.3;
  double total = 0;
  for (const float logit : logits) total += std::exp(logit / temperature);
  std::map<int32_t, int> counts;
  constexpr int kDraws = 20'000;
  for (uint64_t step = 0; step < kDraws; ++step)
    ++counts[draw({.temperature = temperature, .seed = 5}, logits, step)];
  double chiSquare = 0;
  for (size_t id = 0; id < logits.size(); ++id) {
    const double expected = kDraws * std::exp(logits[id] / temperature) / total;
    chiSquare += std::pow(counts[static_cast<int32_t>(id)] - expected, 2) / expected;
  }
  EXPECT_LT(chiSquare, 13.28);  // 4 degrees of freedom, 1 %
}

TEST(Sampler, TheSameSeedAndStepGiveTheSameToken) {
  const std::vector<float> logits(50, 0.0F);
  const SamplingOptions options{.temperature = 1, .seed = 9};
  std::set<int32_t> seen;
  for (uint64_t step = 0; step < 100; ++step) {
    EXPECT_EQ(draw(options, logits, step), draw(options, logits, step));
    seen.insert(draw(options, logits, step));
  }
  EXPECT_GT(seen.size(), 30U);
  int differing = 0;
  for (uint64_t step = 0; step < 100; ++step)
    differing += draw(options, logits, step) != draw({.temperature = 1, .seed = 10}, logits, step);
  EXPECT_GT(differing, 80);
}

TEST(Sampler, TopKKeepsTheLargestAndTheFirstOfEquals) {
  const std::vector<float> logits = {1.0F, 2.0F, 2.0F, 0.0F, 2.0F};
  EXPECT_THAT(support({.temperature = 1, .topK = 1}, logits), ElementsAre(1));
  EXPECT_THAT(support({.temperature = 1, .topK = 2}, logits), ElementsAre(1, 2));
  EXPECT_THAT(support({.temperature = 1, .topK = 4}, logits), ElementsAre(0, 1, 2, 4));
  EXPECT_EQ(support({.temperature = 1, .topK = 99}, logits).size(), 5U);
}

TEST(Sampler, TopPKeepsTheFewestThatReachTheSum) {
  // Probabilities 0.5, 0.25, 0.125, 0.125.
  const std::vector<float> logits = {std::log(4.0F), std::log(2.0F), 0.0F, 0.0F};
  EXPECT_THAT(support({.temperature = 1, .topP = 0.01}, logits), ElementsAre(0));
  EXPECT_THAT(support({.temperature = 1, .topP = 0.49}, logits), ElementsAre(0));
  EXPECT_THAT(support({.temperature = 1, .topP = 0.51}, logits), ElementsAre(0, 1));
  EXPECT_THAT(support({.temperature = 1, .topP = 0.8}, logits), ElementsAre(0, 1, 2));
  EXPECT_EQ(support({.temperature = 1, .topP = 1}, logits).size(), 4U);
}

TEST(Sampler, GreedyIsWhatNeitherTemperatureNorPenaltyChanges) {
  EXPECT_TRUE(SamplingOptions{.topP = 0.5}.isGreedy());
  for (const SamplingOptions& other :
       {SamplingOptions{.temperature = 0.1}, SamplingOptions{.repetitionPenalty = 1.1},
        SamplingOptions{.frequencyPenalty = 0.2}, SamplingOptions{.presencePenalty = -0.2}})
    EXPECT_FALSE(other.isGreedy());
}

TEST(Sampler, TopPOfManyIsWhatSortingAllOfThemLeaves) {
  std::mt19937 random(3);
  std::normal_distribution<float> normal;
  std::vector<float> logits(6000);
  for (float& logit : logits) logit = std::round(8 * normal(random)) / 4;  // with equals
  std::vector<int32_t> order(logits.size());
  std::iota(order.begin(), order.end(), 0);
  const auto weight = [&](int32_t id) { return std::exp(logits[static_cast<size_t>(id)] / 0.7); };
  std::ranges::sort(order, [&](int32_t a, int32_t b) {
    const float x = logits[static_cast<size_t>(a)], y = logits[static_cast<size_t>(b)];
    return x != y ? x > y : a < b;
  });
  double total = 0;
  for (const int32_t id : order) total += weight(id);
  for (const double topP : {0.05, 0.5, 0.9, 0.999}) {
    double sum = 0;
    std::set<int32_t> kept;
    for (size_t i = 0; i < order.size() && sum < topP * total; ++i) {
      sum += weight(order[i]);
      kept.insert(order[i]);
    }
    std::set<int32_t> seen;
    for (uint64_t step = 0; step < 300; ++step)
      seen.insert(draw({.temperature = 0.7, .topP = topP, .seed = 4}, logits, step));
    EXPECT_TRUE(std::ranges::includes(kept, seen)) << topP;
    EXPECT_GT(seen.size(), std::min<size_t>(kept.size() / 3, 60)) << topP;
  }
}

TEST(Sampler, TopPCountsWhatTopKLeft) {
  // Of the two that top-k leaves, the first has two thirds.
  const std::vector<float> logits = {std::log(4.0F), std::log(2.0F), 0.0F, 0.0F};
  EXPECT_THAT(support({.temperature = 1, .topK = 2, .topP = 0.6}, logits), ElementsAre(0));
}

TEST(Sampler, ThePenaltyShrinksPositiveAndGrowsNegativeLogits) {
  EXPECT_EQ(draw({.repetitionPenalty = 2}, {3.0F, 2.0F}, 0, {0}), 1);
  EXPECT_EQ(draw({.repetitionPenalty = 2}, {-1.0F, -1.5F}, 0, {0, 0}), 1);
  EXPECT_EQ(draw({.repetitionPenalty = 2}, {3.0F, 1.0F}, 0, {0, 0, 0}), 0) << "applies once";
  EXPECT_EQ(draw({.repetitionPenalty = 2}, {3.0F, 2.0F}, 0, {-1, 77}), 0) << "foreign ids";
}

TEST(Sampler, ImpossibleTokensNeverCome) {
  const std::vector<float> logits = {-kInfinity, 0.0F, kNotANumber, 0.0F};
  EXPECT_THAT(support({.temperature = 1}, logits), ElementsAre(1, 3));
  EXPECT_THAT(support({.temperature = 1}, {kInfinity, 1.0F}), ElementsAre(0));
}

TEST(Sampler, NoNumberAtAllIsAnError) {
  Sampler sampler({.temperature = 1});
  const auto next = sampler.next(std::vector<float>{kNotANumber, kNotANumber}, {}, 0);
  ASSERT_FALSE(next);
  EXPECT_EQ(next.error().code, ErrorCode::kCorrupt);
}

TEST(Sampler, ValuesOutOfRangeAreNamed) {
  const std::pair<SamplingOptions, const char*> rows[] = {
      {{.temperature = -1}, "temperature"},
      {{.temperature = kNotANumber}, "temperature"},
      {{.topK = -1}, "top-k"},
      {{.topP = 0}, "top-p"},
      {{.topP = 1.5}, "top-p"},
      {{.repetitionPenalty = 0}, "repetition penalty"},
      {{.frequencyPenalty = 2.5}, "frequency penalty"},
      {{.presencePenalty = kNotANumber}, "presence penalty"}};
  for (const auto& [options, name] : rows) {
    const auto valid = validate(options);
    ASSERT_FALSE(valid) << name;
    EXPECT_EQ(valid.error().code, ErrorCode::kUsage);
    EXPECT_THAT(valid.error().text(), HasSubstr(name));
  }
  EXPECT_TRUE(validate({}));
}

TEST(Sampler, WhatTheAnswerHasIsTakenOffItsLogits) {
  const std::vector<float> logits = {1.0F, 0.9F, 0.0F};
  // The prompt's tokens do not count, those of the answer (the last `step`) do.
  const std::vector<int32_t> context = {0, 0, 0, 1, 0, 1};
  EXPECT_EQ(draw({.presencePenalty = 0.5}, logits, 0, context), 0);
  EXPECT_EQ(draw({.presencePenalty = 0.5}, logits, 1, context), 0);    // 1.0 to 0.4
  EXPECT_EQ(draw({.presencePenalty = 0.5}, logits, 3, context), 0);    // 0.5 to 0.4
  EXPECT_EQ(draw({.frequencyPenalty = 0.15}, logits, 2, context), 0);  // 0.85 to 0.75
  EXPECT_EQ(draw({.frequencyPenalty = 0.15}, logits, 6, context), 1);  // 0.4 to 0.6
  EXPECT_EQ(draw({.frequencyPenalty = 0.5, .presencePenalty = 1}, logits, 6, context), 2);
  EXPECT_EQ(draw({.frequencyPenalty = -1}, logits, 3, {2, 2, 2}), 2);
}

TEST(Sampler, MinPKeepsAShareOfTheMostLikely) {
  // Probabilities 8 : 4 : 2 : 1.
  const std::vector<float> logits = {std::log(8.0F), std::log(4.0F), std::log(2.0F), 0.0F};
  const auto with = [&](double minP, double temperature = 1) {
    return support({.temperature = temperature, .minP = minP}, logits);
  };
  EXPECT_EQ(with(0), (std::set<int32_t>{0, 1, 2, 3}));
  EXPECT_EQ(with(0.2), (std::set<int32_t>{0, 1, 2}));
  EXPECT_EQ(with(0.4), (std::set<int32_t>{0, 1}));
  EXPECT_EQ(with(1), (std::set<int32_t>{0}));
  // After temperature: 2 makes the ratios 1 : 0.71 : 0.5 : 0.35.
  EXPECT_EQ(with(0.4, 2), (std::set<int32_t>{0, 1, 2}));
  EXPECT_THAT(validate({.minP = 1.5}).error().text(), HasSubstr("min-p"));
}

}  // namespace
}  // namespace z2
