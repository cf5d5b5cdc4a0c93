#include "core/data/data_mixture.h"

#include <cmath>
#include <cstdint>
#include <vector>

#include <gtest/gtest.h>

namespace z2 {
namespace {

TEST(DataMixture, ReadsNamesAndWeights) {
  const auto one = parseMixture("/data/a").value();
  ASSERT_EQ(one.size(), 1U);
  EXPECT_EQ(one[0].prefix, "/data/a");
  EXPECT_EQ(one[0].weight, 0);
  const auto two = parseMixture("0.7:a,0.3:b:c").value();
  ASSERT_EQ(two.size(), 2U);
  EXPECT_EQ(two[0].weight, 0.7);
  EXPECT_EQ(two[1].prefix, "b:c");
  EXPECT_EQ(parseMixture("node:a").value()[0].prefix, "node:a");
}

TEST(DataMixture, RefusesWhatMakesNoSense) {
  for (const char* text : {"", "a,", ",a", "0:a", "-1:a", "inf:a", "0.5:a,b", "0.5:"})
    EXPECT_FALSE(parseMixture(text)) << text;
}

TEST(DataMixture, EveryStretchHoldsTheSetsInProportion) {
  const std::vector<double> weights = {0.61, 0.3, 0.09};
  const MixtureSchedule schedule(weights);
  std::vector<uint64_t> counts(3);
  for (uint64_t n = 0; n < 25'000; ++n) {
    const auto pick = schedule.pick(n);
    EXPECT_EQ(pick.ordinal, counts[pick.set]);
    ++counts[pick.set];
    for (size_t i = 0; i < 3; ++i)
      ASSERT_LT(std::abs(static_cast<double>(counts[i]) - weights[i] * static_cast<double>(n + 1)),
                2)
          << "after " << n;
  }
}

TEST(DataMixture, ASetOfTinyWeightStillComesUp) {
  const MixtureSchedule schedule({1.0, 1e-9});
  EXPECT_EQ(schedule.samplesInPeriod(1), 1U);
  EXPECT_LE(schedule.period(), 10'001U);
}

}  // namespace
}  // namespace z2
