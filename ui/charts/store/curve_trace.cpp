#include "ui/charts/store/curve_trace.h"

#include <algorithm>
#include <cmath>
#include <span>

namespace z2::ui {

namespace {

// Up to so many points a pixel column has vertices of its own.
constexpr size_t kFewPoints = 4;

// The first gap that ends behind `index`.
auto gapBehind(std::span<const Stretch> gaps, size_t index) {
  return std::upper_bound(gaps.begin(), gaps.end(), index,
                          [](size_t i, const Stretch& gap) { return i < gap.end; });
}

// Whether a value in [begin, end) is not finite.
bool hasGapIn(std::span<const Stretch> gaps, size_t begin, size_t end) {
  const auto gap = gapBehind(gaps, begin);
  return gap != gaps.end() && gap->begin < end;
}

size_t firstFinite(std::span<const Stretch> gaps, size_t begin) {
  for (auto gap = gapBehind(gaps, begin); gap != gaps.end() && gap->begin <= begin; ++gap)
    begin = gap->end;
  return begin;
}

// The last finite index before `end`, not before `begin`; `end` when there is none.
size_t lastFinite(std::span<const Stretch> gaps, size_t begin, size_t end) {
  size_t index = end;
  while (index > begin) {
    const auto gap = gapBehind(gaps, index - 1);
    if (gap == gaps.end() || gap->begin > index - 1) return index - 1;
    index = gap->begin;
  }
  return end;
}

class Line {
 public:
  Line(const CurveTable& table, const CurveSeries& series, const CurveSeries::Curve& curve,
       const ColumnEdges& edges, std::vector<TracePoint>& points)
      : table_(table), series_(series), curve_(curve), edges_(edges), points_(points) {}

  void addPoint(size_t index) {
    const float y = curve_.values[index];
    if (!std::isfinite(y)) {
      isBroken_ = true;
      return;
    }
    add(table_.x(edges_.axis(), series_.rowOf(index)), y);
  }
  // `end`: one behind the column's last index.
  void addColumn(const PixelColumn& column, size_t end) {
    if (column.isEmpty) {
      isBroken_ = true;
      return;
    }
    const double middle = edges_.begin() + (column.column + 0.5) * edges_.width();
    addPoint(column.firstIndex);
    add(middle, column.early);
    add(middle, column.late);
    addPoint(column.lastIndex);
    // What lies behind the last finite value breaks the line before the next column.
    isBroken_ = column.hasGap && hasGapIn(series_.gaps(), column.lastIndex, end);
  }
  void breakHere() { isBroken_ = true; }

 private:
  void add(double x, float y) {
    if (!isBroken_ && points_.back().x == x && points_.back().y == y) return;
    points_.push_back({x, y, isBroken_});
    isBroken_ = false;
  }

  const CurveTable& table_;
  const CurveSeries& series_;
  const CurveSeries::Curve& curve_;
  const ColumnEdges& edges_;
  std::vector<TracePoint>& points_;
  bool isBroken_ = true;
};

}  // namespace

ColumnEdges::ColumnEdges(const CurveTable& table, XAxis axis, double begin, double end, int columns)
    : axis_(axis), begin_(begin), width_((end - begin) / columns) {
  rows_.reserve(static_cast<size_t>(columns) + 1);
  for (int column = 0; column < columns; ++column)
    rows_.push_back(table.firstNotBefore(axis, begin + column * width_));
  rows_.push_back(table.firstAfter(axis, end));
}

void columnsOf(const CurveSeries& series, const CurveSeries::Curve& curve, const ColumnEdges& edges,
               std::vector<PixelColumn>& columns) {
  columns.clear();
  if (series.size() == 0) return;
  size_t begin = series.indexOf(edges.row(0));
  for (int c = 0; c < edges.columns(); ++c) {
    const size_t end = series.indexOf(edges.row(c + 1));
    if (begin >= end) continue;
    PixelColumn column{.column = c, .firstIndex = begin, .lastIndex = begin, .points = end - begin};
    column.hasGap = hasGapIn(series.gaps(), begin, end);
    const size_t last = column.hasGap ? lastFinite(series.gaps(), begin, end) : end - 1;
    column.isEmpty = last == end;
    if (!column.isEmpty) {
      column.firstIndex = column.hasGap ? firstFinite(series.gaps(), begin) : begin;
      column.lastIndex = last;
      column.first = curve.values[column.firstIndex];
      column.last = curve.values[last];
      const Extremes extremes = curve.extremes(column.firstIndex, last + 1);
      column.early = extremes.early();
      column.late = extremes.late();
    }
    columns.push_back(column);
    begin = end;
  }
}

void traceOf(const CurveTable& table, const CurveSeries& series, const CurveSeries::Curve& curve,
             const ColumnEdges& edges, std::vector<TracePoint>& points) {
  points.clear();
  if (series.size() == 0) return;
  Line line(table, series, curve, edges, points);
  const size_t first = series.indexOf(edges.row(0));
  const size_t end = series.indexOf(edges.row(edges.columns()));
  if (first > 0) line.addPoint(first - 1);
  if (end - first <= kFewPoints * static_cast<size_t>(edges.columns())) {
    for (size_t i = first; i < end; ++i) line.addPoint(i);
  } else {
    std::vector<PixelColumn> columns;
    columnsOf(series, curve, edges, columns);
    size_t next = first;
    for (const PixelColumn& column : columns) {
      if (column.points <= kFewPoints) {
        for (size_t i = 0; i < column.points; ++i) line.addPoint(next + i);
      } else {
        if (column.hasGap && !column.isEmpty && column.firstIndex > next) line.breakHere();
        line.addColumn(column, next + column.points);
      }
      next += column.points;
    }
  }
  if (end < series.size()) line.addPoint(end);
}

size_t nearestIndex(const CurveTable& table, const CurveSeries& series, XAxis axis, double x) {
  if (series.size() == 0) return 0;
  const size_t after = series.indexOf(table.firstNotBefore(axis, x));
  if (after == 0) return 0;
  if (after == series.size()) return after - 1;
  const double left = x - table.x(axis, series.rowOf(after - 1));
  const double right = table.x(axis, series.rowOf(after)) - x;
  return left <= right ? after - 1 : after;
}

}  // namespace z2::ui
