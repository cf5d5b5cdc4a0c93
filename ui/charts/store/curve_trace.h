#pragma once

// From millions of points to what a screen of some hundred pixel columns shows of them, without
// losing one that is visible (M4: first, least, greatest and last of each column; Jugel and others,
// "M4: a visualization-oriented time series data aggregation", VLDB 2014).

#include <cstddef>
#include <cstdint>
#include <vector>

#include "ui/charts/store/curve_table.h"

namespace z2::ui {

// Which rows of a table fall into which pixel column. Column c holds begin + c w <= x <
// begin + (c + 1) w, with w = (end - begin) / columns; the last one holds x = end besides. Shared
// by all series of the table.
class ColumnEdges {
 public:
  ColumnEdges(const CurveTable& table, XAxis axis, double begin, double end, int columns);

  [[nodiscard]] int columns() const { return static_cast<int>(rows_.size()) - 1; }
  // The first row of column c; of columns(): one behind the last.
  [[nodiscard]] uint32_t row(int column) const { return rows_[static_cast<size_t>(column)]; }
  [[nodiscard]] XAxis axis() const { return axis_; }
  [[nodiscard]] double begin() const { return begin_; }
  [[nodiscard]] double width() const { return width_; }

 private:
  XAxis axis_;
  double begin_;
  double width_;
  std::vector<uint32_t> rows_;
};

// What one pixel column shows. Finite values only, but for hasGap.
struct PixelColumn {
  int column = 0;
  size_t firstIndex = 0;  // of the first and the last finite value
  size_t lastIndex = 0;
  size_t points = 0;  // all, finite or not
  float first = 0;
  float early = 0;  // the extremes in their order
  float late = 0;
  float last = 0;
  bool isEmpty = false;  // no finite value, only such as are not
  bool hasGap = false;   // a value that is not finite lies in it
};

// The columns that hold points, in order. `curve` is the series' raw or smoothed curve.
void columnsOf(const CurveSeries& series, const CurveSeries::Curve& curve, const ColumnEdges& edges,
               std::vector<PixelColumn>& columns);

// A vertex of the line to be drawn.
struct TracePoint {
  double x = 0;
  float y = 0;
  bool startsLine = false;  // a gap lies before it
};

// The line through the visible points, with the point before and the one after them, so that it
// leaves the picture. A column of few points gives each of them, another first, early, late, last.
void traceOf(const CurveTable& table, const CurveSeries& series, const CurveSeries::Curve& curve,
             const ColumnEdges& edges, std::vector<TracePoint>& line);

// The index of the point nearest to `x`; series.size() when the series is empty.
[[nodiscard]] size_t nearestIndex(const CurveTable& table, const CurveSeries& series, XAxis axis,
                                  double x);

}  // namespace z2::ui
