#include "core/base/format.h"

#include <gtest/gtest.h>

namespace z2 {
namespace {

TEST(Format, BytesHaveThreeDigits) {
  EXPECT_EQ(formatBytes(0), "0 B");
  EXPECT_EQ(formatBytes(999), "999 B");
  EXPECT_EQ(formatBytes(1234), "1.23 kB");
  EXPECT_EQ(formatBytes(12.34e6), "12.3 MB");
  EXPECT_EQ(formatBytes(999.9e6), "1.00 GB");
}

TEST(Format, CountsHaveThreeDigits) {
  EXPECT_EQ(formatCount(42), "42");
  EXPECT_EQ(formatCount(1.24e9), "1.24 B");
}

TEST(Format, DurationsHaveTwoUnits) {
  EXPECT_EQ(formatDuration(0.85), "850 ms");
  EXPECT_EQ(formatDuration(59.4), "59 s");
  EXPECT_EQ(formatDuration(190), "3 min 10 s");
  EXPECT_EQ(formatDuration(7500), "2 h 5 min");
}

}  // namespace
}  // namespace z2
