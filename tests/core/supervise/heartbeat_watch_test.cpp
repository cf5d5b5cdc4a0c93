#include "core/supervise/heartbeat_watch.h"

#include <gtest/gtest.h>

namespace z2 {
namespace {

TEST(HeartbeatWatch, WaitsLongForTheFirstOneAndAMinuteForOthers) {
  HeartbeatWatch watch(0);
  watch.restart(1000);
  EXPECT_FALSE(watch.isHanging(1599));
  EXPECT_TRUE(watch.isHanging(1601));
  watch.observe(1, 1601);
  EXPECT_FALSE(watch.isHanging(1660));
  EXPECT_TRUE(watch.isHanging(1662));
}

TEST(HeartbeatWatch, SlowStepsHaveALongerLimit) {
  HeartbeatWatch watch(0);
  watch.restart(0);
  for (int i = 1; i <= 5; ++i) watch.observe(i, i * 40.0);
  EXPECT_DOUBLE_EQ(watch.limit(), 200);
  EXPECT_FALSE(watch.isHanging(399));
  EXPECT_TRUE(watch.isHanging(401));
  for (int i = 0; i < 40; ++i) watch.observe(100 + i, 200.0 + i);
  EXPECT_DOUBLE_EQ(watch.limit(), 60);
}

TEST(HeartbeatWatch, TheUsersLimitCounts) {
  HeartbeatWatch watch(2);
  watch.restart(0);
  watch.observe(1, 1);
  watch.observe(1, 2.5);
  EXPECT_FALSE(watch.isHanging(3));
  EXPECT_TRUE(watch.isHanging(3.5));
  watch.restart(10);
  EXPECT_FALSE(watch.isHanging(100));
}

}  // namespace
}  // namespace z2
