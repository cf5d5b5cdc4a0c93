// The pyramid and the pixel columns against loops over all points.

#include "ui/charts/store/curve_trace.h"

#include <cmath>
#include <limits>
#include <random>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "ui/charts/store/run_curves.h"

namespace z2::ui {
namespace {

constexpr float kNaN = std::numeric_limits<float>::quiet_NaN();

// Few distinct values, so that extremes are often equal; NaN and infinities in runs and alone.
float randomValue(std::mt19937& random) {
  switch (random() % 40) {
    case 0:
      return kNaN;
    case 1:
      return std::numeric_limits<float>::infinity();
    default:
      return static_cast<float>(static_cast<int>(random() % 50) - 25) / 4;
  }
}

Extremes extremesByLoop(const std::vector<float>& values, size_t begin, size_t end) {
  Extremes found;
  for (size_t i = begin; i < end; ++i) found.add(values[i], i);
  return found;
}

TEST(MinMaxPyramid, GivesTheExtremesOfAnyStretchInTheirOrder) {
  std::mt19937 random(1);
  ChunkedColumn<float> column;
  MinMaxPyramid pyramid;
  std::vector<float> values;
  for (int round = 0; round < 6; ++round) {
    while (values.size() < 9000) {
      const float value = random() % 300 == 0 ? kNaN : randomValue(random);
      const size_t repeats = random() % 200 == 0 ? 100 : 1;
      for (size_t i = 0; i < repeats; ++i) {
        values.push_back(value);
        column.push(value);
        pyramid.follow(column);
      }
    }
    for (int query = 0; query < 400; ++query) {
      size_t begin = random() % values.size();
      size_t end = random() % (values.size() + 1);
      if (begin > end) std::swap(begin, end);
      const Extremes expected = extremesByLoop(values, begin, end);
      const Extremes found = pyramid.extremes(column, begin, end);
      ASSERT_EQ(found.isEmpty(), expected.isEmpty()) << begin << " " << end;
      if (expected.isEmpty()) continue;
      ASSERT_EQ(found.early(), expected.early()) << begin << " " << end;
      ASSERT_EQ(found.late(), expected.late()) << begin << " " << end;
    }
    const size_t kept = random() % 8000;
    values.resize(kept);
    column.truncate(kept);
    pyramid.truncate(kept);
  }
}

// A run of rows with equal steps, gaps between steps, and a metric that not every row has.
struct RandomRun {
  explicit RandomRun(unsigned seed, int rows) {
    std::mt19937 random(seed);
    MetricNames names;
    const uint32_t often = names.numberOf("often");
    const uint32_t seldom = names.numberOf("seldom");
    int64_t step = 1;
    double time = 1000;
    for (int row = 0; row < rows; ++row) {
      step += random() % 5 == 0 ? 0 : random() % 50 == 0 ? 1000 : 1;
      time += static_cast<double>(random() % 100) / 10;
      std::vector<MetricValue> values;
      if (random() % 10 != 0) values.push_back({often, randomValue(random)});
      if (random() % 30 == 0) values.push_back({seldom, randomValue(random)});
      curves.add({.seq = static_cast<uint64_t>(row),
                  .attempt = 1,
                  .step = step,
                  .time = time,
                  .tokens = static_cast<double>(step * 512),
                  .values = values,
                  .names = &names});
    }
  }
  RunCurves curves;
};

std::vector<PixelColumn> columnsByLoop(const CurveTable& table, const CurveSeries& series,
                                       const CurveSeries::Curve& curve, XAxis axis, double begin,
                                       double end, int columns) {
  std::vector<PixelColumn> found;
  const double width = (end - begin) / columns;
  for (size_t i = 0; i < series.size(); ++i) {
    const double x = table.x(axis, series.rowOf(i));
    if (x < begin || x > end) continue;
    int column = columns - 1;
    while (column > 0 && x < begin + column * width) --column;
    if (found.empty() || found.back().column != column)
      found.push_back({.column = column, .isEmpty = true});
    PixelColumn& at = found.back();
    ++at.points;
    const float value = curve.values[i];
    if (!std::isfinite(value)) {
      at.hasGap = true;
      continue;
    }
    if (at.isEmpty) {
      at.isEmpty = false;
      at.firstIndex = i;
      at.first = value;
    }
    at.last = value;
    at.lastIndex = i;
  }
  for (PixelColumn& column : found) {
    if (column.isEmpty) continue;
    Extremes extremes;
    for (size_t i = column.firstIndex; i <= column.lastIndex; ++i) extremes.add(curve.values[i], i);
    column.early = extremes.early();
    column.late = extremes.late();
  }
  return found;
}

class Columns : public ::testing::TestWithParam<XAxis> {};

TEST_P(Columns, AreThoseOfALoopOverAllPointsAtEveryZoom) {
  std::mt19937 random(7);
  for (unsigned seed = 0; seed < 3; ++seed) {
    const RandomRun run(seed, 6000);
    const CurveTable& table = run.curves.current();
    const double least = table.x(GetParam(), 0);
    const double most = table.x(GetParam(), table.rows() - 1);
    for (const char* name : {"often", "seldom"}) {
      const CurveSeries& series = *run.curves.series(name);
      for (int query = 0; query < 40; ++query) {
        double begin = least + (most - least) * (static_cast<double>(random() % 1200) - 100) / 1000;
        double end = begin + (most - least) / std::pow(2, random() % 12) + 1;
        const int columns = 1 + static_cast<int>(random() % 300);
        const ColumnEdges edges(table, GetParam(), begin, end, columns);
        std::vector<PixelColumn> found;
        columnsOf(series, series.raw(), edges, found);
        const auto expected =
            columnsByLoop(table, series, series.raw(), GetParam(), begin, end, columns);
        ASSERT_EQ(found.size(), expected.size());
        for (size_t i = 0; i < found.size(); ++i) {
          const std::string where =
              std::string(name) + " column " + std::to_string(found[i].column);
          ASSERT_EQ(found[i].column, expected[i].column) << where;
          ASSERT_EQ(found[i].points, expected[i].points) << where;
          ASSERT_EQ(found[i].isEmpty, expected[i].isEmpty) << where;
          ASSERT_EQ(found[i].hasGap, expected[i].hasGap) << where;
          if (found[i].isEmpty) continue;
          ASSERT_EQ(found[i].first, expected[i].first) << where;
          ASSERT_EQ(found[i].early, expected[i].early) << where;
          ASSERT_EQ(found[i].late, expected[i].late) << where;
          ASSERT_EQ(found[i].last, expected[i].last) << where;
        }
      }
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Axes, Columns,
                         ::testing::Values(XAxis::kStep, XAxis::kTokens, XAxis::kWallTime,
                                           XAxis::kRunTime));

TEST(Trace, KeepsEverySpikeOfAMillionPoints) {
  RunCurves curves;
  MetricNames names;
  const uint32_t loss = names.numberOf("loss");
  constexpr int kRows = 1'000'000;
  for (int row = 0; row < kRows; ++row) {
    const MetricValue value{loss, row == 123'456 ? 100.0 : row == 777'777 ? -50.0 : 1.0};
    curves.add({.attempt = 1, .step = row + 1, .values = {&value, 1}, .names = &names});
  }
  const ColumnEdges edges(curves.current(), XAxis::kStep, 1, kRows, 1200);
  const CurveSeries& series = *curves.series("loss");
  std::vector<TracePoint> line;
  traceOf(curves.current(), series, series.raw(), edges, line);
  EXPECT_LE(line.size(), 4800U);
  int highs = 0;
  int lows = 0;
  for (const TracePoint& point : line) {
    highs += point.y == 100 ? 1 : 0;
    lows += point.y == -50 ? 1 : 0;
  }
  EXPECT_EQ(highs, 1);
  EXPECT_EQ(lows, 1);
}

TEST(Trace, FewPointsAreDrawnThemselvesAndGapsBreakTheLine) {
  RunCurves curves;
  MetricNames names;
  const uint32_t loss = names.numberOf("loss");
  const std::vector<float> values = {4, 3, kNaN, 2, 1, 5};
  for (size_t i = 0; i < values.size(); ++i) {
    const MetricValue value{loss, values[i]};
    curves.add({.attempt = 1,
                .step = static_cast<int64_t>(10 * i),
                .values = {&value, 1},
                .names = &names});
  }
  const CurveSeries& series = *curves.series("loss");
  std::vector<TracePoint> line;
  // 0 and 50 lie outside and are there all the same, so that the line leaves the picture.
  traceOf(curves.current(), series, series.raw(),
          ColumnEdges(curves.current(), XAxis::kStep, 5, 45, 100), line);
  ASSERT_EQ(line.size(), 5U);
  const std::vector<double> xs = {0, 10, 30, 40, 50};
  for (size_t i = 0; i < xs.size(); ++i) {
    EXPECT_EQ(line[i].x, xs[i]);
    EXPECT_EQ(line[i].startsLine, i == 0 || i == 2);
  }
  EXPECT_EQ(nearestIndex(curves.current(), series, XAxis::kStep, 26), 3U);
  EXPECT_EQ(nearestIndex(curves.current(), series, XAxis::kStep, -9), 0U);
  EXPECT_EQ(nearestIndex(curves.current(), series, XAxis::kStep, 1e9), 5U);
}

}  // namespace
}  // namespace z2::ui
