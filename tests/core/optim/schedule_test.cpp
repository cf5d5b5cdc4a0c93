#include "core/optim/schedule.h"

#include <gtest/gtest.h>

namespace z2 {
namespace {

using Kind = LearningRateSchedule::Kind;

TEST(LearningRateSchedule, CosineRisesAndFalls) {
  const LearningRateSchedule schedule = {
      .kind = Kind::kCosine, .peak = 1e-3, .minimum = 1e-4, .warmupSteps = 10, .totalSteps = 110};
  EXPECT_DOUBLE_EQ(schedule.at(1), 1e-4);
  EXPECT_DOUBLE_EQ(schedule.at(5), 5e-4);
  EXPECT_DOUBLE_EQ(schedule.at(10), 1e-3);
  EXPECT_DOUBLE_EQ(schedule.at(60), 5.5e-4);
  EXPECT_LT(schedule.at(61), schedule.at(60));
  EXPECT_DOUBLE_EQ(schedule.at(110), 1e-4);
  EXPECT_DOUBLE_EQ(schedule.at(500), 1e-4);
}

TEST(LearningRateSchedule, WsdStaysThenFallsInAStraightLine) {
  const LearningRateSchedule schedule = {.kind = Kind::kWsd,
                                         .peak = 2.0,
                                         .minimum = 0.0,
                                         .warmupSteps = 4,
                                         .stableSteps = 6,
                                         .totalSteps = 20};
  EXPECT_DOUBLE_EQ(schedule.at(2), 1.0);
  EXPECT_DOUBLE_EQ(schedule.at(4), 2.0);
  EXPECT_DOUBLE_EQ(schedule.at(10), 2.0);
  EXPECT_DOUBLE_EQ(schedule.at(15), 1.0);
  EXPECT_DOUBLE_EQ(schedule.at(20), 0.0);
}

TEST(LearningRateSchedule, ConstantStays) {
  const LearningRateSchedule schedule = {
      .kind = Kind::kConstant, .peak = 3.0, .warmupSteps = 2, .totalSteps = 5};
  EXPECT_DOUBLE_EQ(schedule.at(1), 1.5);
  EXPECT_DOUBLE_EQ(schedule.at(2), 3.0);
  EXPECT_DOUBLE_EQ(schedule.at(5), 3.0);
}

TEST(LearningRateSchedule, WorksWithoutWarmup) {
  const LearningRateSchedule schedule = {.kind = Kind::kCosine, .peak = 1.0, .totalSteps = 1};
  EXPECT_DOUBLE_EQ(schedule.at(1), 0.0);
}

TEST(LearningRateSchedule, ComesFromTheConfiguration) {
  const Result<RunConfig> run =
      RunConfig::make(Task::kPretrain, Json::object(),
                      {"data.train=x", "train.steps=200", "optim.schedule=wsd", "optim.lr=0.01",
                       "optim.warmup_steps=20", "optim.stable_steps=80", "optim.min_lr=0.001"});
  ASSERT_TRUE(run) << run.error().text();
  const LearningRateSchedule schedule = *LearningRateSchedule::fromRunConfig(*run);
  EXPECT_DOUBLE_EQ(schedule.at(100), 0.01);
  EXPECT_DOUBLE_EQ(schedule.at(150), 0.0055);
  EXPECT_DOUBLE_EQ(schedule.at(200), 0.001);
}

}  // namespace
}  // namespace z2
