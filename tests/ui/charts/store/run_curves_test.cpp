#include "ui/charts/store/run_curves.h"

#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace z2::ui {
namespace {

using ::testing::ElementsAre;

class Curves : public ::testing::Test {
 protected:
  void add(int attempt, int64_t step, double time, double loss) {
    const MetricValue values[] = {{names_.numberOf("tokens"), static_cast<double>(step) * 100},
                                  {names_.numberOf("loss"), loss}};
    curves_.add({.attempt = attempt,
                 .step = step,
                 .time = time,
                 .tokens = static_cast<double>(step) * 100,
                 .values = values,
                 .names = &names_});
  }
  static std::vector<float> valuesOf(const CurveTable& table) {
    std::vector<float> values;
    const CurveSeries* series = table.series(0);
    for (size_t i = 0; i < series->size(); ++i) values.push_back(series->raw().values[i]);
    return values;
  }
  static std::vector<double> xs(const CurveTable& table, XAxis axis) {
    std::vector<double> all;
    for (uint32_t row = 0; row < table.rows(); ++row) all.push_back(table.x(axis, row));
    return all;
  }

  MetricNames names_;
  RunCurves curves_;
};

TEST_F(Curves, ARollbackKeepsWhatItSupersedes) {
  for (int step = 1; step <= 5; ++step) add(1, step, 100 + step, step);
  add(2, 4, 1000, 40);
  add(2, 5, 1001, 50);
  EXPECT_THAT(valuesOf(curves_.current()), ElementsAre(1, 2, 3, 40, 50));
  ASSERT_EQ(curves_.superseded().size(), 1U);
  EXPECT_THAT(valuesOf(curves_.superseded()[0]), ElementsAre(4, 5));
  EXPECT_THAT(xs(curves_.superseded()[0], XAxis::kStep), ElementsAre(4, 5));
  EXPECT_THAT(xs(curves_.current(), XAxis::kTokens), ElementsAre(100, 200, 300, 400, 500));
  // tokens are what is drawn over, not a curve.
  EXPECT_EQ(curves_.names().size(), 1U);
}

TEST_F(Curves, RunTimeLeavesPausesOut) {
  add(1, 1, 100, 1);
  add(1, 2, 110, 1);
  add(2, 3, 500, 1);
  add(2, 4, 510, 1);
  EXPECT_THAT(xs(curves_.current(), XAxis::kWallTime), ElementsAre(0, 10, 400, 410));
  EXPECT_THAT(xs(curves_.current(), XAxis::kRunTime), ElementsAre(0, 10, 20, 30));
  add(3, 4, 900, 1);
  EXPECT_THAT(xs(curves_.current(), XAxis::kRunTime), ElementsAre(0, 10, 20, 30));
  EXPECT_THAT(xs(curves_.superseded()[0], XAxis::kRunTime), ElementsAre(30));
  EXPECT_EQ(curves_.current().attempts().size(), 2U);
}

TEST_F(Curves, AClockThatIsSetBackStandsStill) {
  add(1, 1, 100, 1);
  add(1, 2, 50, 1);
  add(1, 3, 120, 1);
  EXPECT_THAT(xs(curves_.current(), XAxis::kWallTime), ElementsAre(0, 0, 20));
}

TEST_F(Curves, StepsThatGoBackWithinAnAttemptSupersedeToo) {
  add(1, 10, 1, 1);
  add(1, 20, 2, 2);
  add(1, 15, 3, 3);
  EXPECT_THAT(valuesOf(curves_.current()), ElementsAre(1, 3));
}

TEST_F(Curves, SmoothingIsTensorBoards) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const std::vector<double> values = {5, 3, nan, 4, 1, 2, 2.5, 0.5};
  double mean = 0;
  int count = 0;
  std::vector<double> expected;
  for (const double value : values) {
    if (std::isnan(value)) {
      expected.push_back(value);
      continue;
    }
    mean = 0.6 * mean + 0.4 * value;
    expected.push_back(mean / (1 - std::pow(0.6, ++count)));
  }
  for (size_t i = 0; i < 4; ++i) add(1, static_cast<int64_t>(i), 1, values[i]);
  CurveSeries& series = *curves_.current().series(0);
  series.put(series.smoothed(0.6));
  // The rest grows with the values.
  for (size_t i = 4; i < values.size(); ++i) add(1, static_cast<int64_t>(i), 1, values[i]);
  for (size_t i = 0; i < values.size(); ++i) {
    const float smooth = series.smooth()->values[i];
    if (std::isnan(expected[i]))
      EXPECT_TRUE(std::isnan(smooth));
    else
      EXPECT_NEAR(smooth, expected[i], 1e-6) << i;
  }
  RunningAverage constant(0.9);
  for (int i = 0; i < 100; ++i) EXPECT_EQ(constant.next(0.1F), 0.1F);
}

TEST(IntegerColumn, HoldsLinesAndAnythingElse) {
  IntegerColumn column;
  std::vector<int64_t> values;
  for (int64_t i = 0; i < 1000; ++i) values.push_back(i < 500 ? 7 * i : i * i % 1013);
  for (const int64_t value : values) column.push(value);
  column.truncate(777);
  for (size_t i = 777; i < values.size(); ++i) column.push(values[i]);
  ASSERT_EQ(column.size(), values.size());
  for (size_t i = 0; i < values.size(); ++i) ASSERT_EQ(column[i], values[i]) << i;
}

TEST_F(Curves, APointCostsLittleMemory) {
  constexpr int kRows = 100'000;
  for (int row = 0; row < kRows; ++row) add(1, row + 1, row * 0.5, 1.0 / (row + 1));
  // One metric bears the cost of the columns that all share, and a smoothed curve besides.
  curves_.current().series(0)->put(curves_.current().series(0)->smoothed(0.6));
  EXPECT_LE(curves_.bytes(), 24U * kRows);
}

}  // namespace
}  // namespace z2::ui
