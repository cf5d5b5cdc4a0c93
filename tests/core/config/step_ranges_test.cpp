#include "core/config/step_ranges.h"

#include <cstdint>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace z2 {
namespace {

TEST(StepRanges, AreSortedAndJoined) {
  const std::vector<StepRange> expected = {{1, 3}, {10, 25}, {40, 40}};
  EXPECT_EQ(parseStepRanges({"40", "12-25", "1-3", "10-11", "20"}).value(), expected);
  EXPECT_TRUE(parseStepRanges({}).value().empty());
}

TEST(StepRanges, RefuseWhatNamesNoSteps) {
  for (const char* text : {"", "-", "0", "0-3", "3-2", "-4", "4-", "a", "1-2-3", "1.5", " 1",
                           "99999999999", "1-99999999999999999999"}) {
    const auto parsed = parseStepRanges({text});
    ASSERT_FALSE(parsed) << text;
    EXPECT_EQ(parsed.error().code, ErrorCode::kBadInput);
  }
}

TEST(StepRanges, TheDataGoesOnBehindThem) {
  const auto ranges = parseStepRanges({"1-2", "5"}).value();
  constexpr uint64_t kSamples = 8;
  std::vector<uint64_t> drawn;
  uint64_t cursor = 0;
  for (int step = 0; step < 4; ++step) {
    cursor = cursorBehind(ranges, cursor, kSamples);
    drawn.push_back(cursor / kSamples + 1);
    cursor += kSamples;
  }
  EXPECT_EQ(drawn, (std::vector<uint64_t>{3, 4, 6, 7}));
  // A cursor inside of a step, as another batch size leaves it.
  EXPECT_EQ(cursorBehind(ranges, 33, kSamples), 40U);
}

}  // namespace
}  // namespace z2
