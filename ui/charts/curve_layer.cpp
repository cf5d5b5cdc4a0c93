#include "ui/charts/curve_layer.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "ui/charts/metric_title.h"

namespace z2::ui {

namespace {

// Where the curve shows values that cannot be drawn, once a column.
std::vector<double> gapsIn(const CurveTable& table, const CurveSeries& series,
                           const ColumnEdges& edges, const AxisRange& x) {
  std::vector<double> found;
  const size_t begin = series.indexOf(edges.row(0));
  const size_t end = series.indexOf(edges.row(edges.columns()));
  double lastX = -std::numeric_limits<double>::infinity();
  for (const Stretch& gap : series.gaps()) {
    if (gap.end <= begin) continue;
    if (gap.begin >= end) break;
    const size_t last = std::min<size_t>(gap.end, end);
    for (size_t i = std::max<size_t>(gap.begin, begin); i < last;) {
      const uint32_t row = series.rowOf(i);
      const double at = table.x(edges.axis(), row);
      if (at - lastX >= edges.width() && x.contains(at)) {
        found.push_back(at);
        lastX = at;
      }
      // On to the next column, not the next value.
      const size_t next =
          series.indexOf(std::max(row + 1, table.firstNotBefore(edges.axis(), at + edges.width())));
      i = std::max(i + 1, next);
    }
  }
  return found;
}

}  // namespace

CurveLayer layerOf(const CurveItem& item, const CurveOptions& options, const AxisRange& x,
                   int columns) {
  CurveLayer layer;
  layer.item = &item;
  const auto lock = item.source->lock();
  const RunCurves& curves = item.source->curves();
  const CurveTable& table = curves.current();
  const auto metric = curves.names().find(item.metric);
  if (!metric) return layer;
  if (const CurveSeries* series = table.series(*metric); series != nullptr && series->size() > 0) {
    const ColumnEdges edges(table, options.xAxis, x.begin, x.end, columns);
    traceOf(table, *series, series->raw(), edges, layer.raw);
    const CurveSeries::Curve* smooth =
        options.isSmoothed && !item.hasPoints && !isPlanned(item.metric) ? series->smooth()
                                                                         : nullptr;
    if (smooth != nullptr) traceOf(table, *series, *smooth, edges, layer.smooth);
    const auto& shown = smooth != nullptr ? smooth->values : series->raw().values;
    layer.lastValue = shown[series->size() - 1];
    layer.hasLast = std::isfinite(layer.lastValue);
    if (!series->gaps().empty()) layer.notFinite = gapsIn(table, *series, edges, x);
  }
  if (!options.showsSuperseded) return layer;
  for (const CurveTable& old : curves.superseded()) {
    const CurveSeries* series = old.series(*metric);
    if (series == nullptr || series->size() == 0) continue;
    const ColumnEdges edges(old, options.xAxis, x.begin, x.end, columns);
    std::vector<TracePoint> line;
    traceOf(old, *series, series->raw(), edges, line);
    if (!line.empty()) layer.superseded.push_back(std::move(line));
  }
  return layer;
}

AxisRange yRangeOf(const std::vector<CurveLayer>& layers, const AxisRange& x, bool isLog) {
  float least = std::numeric_limits<float>::infinity();
  float most = -least;
  // The vertices before and after the range only make the line leave the picture.
  const double slack = x.span() * 1e-3;
  const auto add = [&](const std::vector<TracePoint>& line) {
    for (const TracePoint& point : line) {
      if (point.x < x.begin - slack || point.x > x.end + slack) continue;
      if (isLog && point.y <= 0) continue;
      least = std::min(least, point.y);
      most = std::max(most, point.y);
    }
  };
  for (const CurveLayer& layer : layers) {
    add(layer.raw);
    add(layer.smooth);
    for (const auto& line : layer.superseded) add(line);
  }
  if (least > most) return {1, 0};
  if (!isLog) return {least, most};
  return {std::log10(static_cast<double>(least)), std::log10(static_cast<double>(most))};
}

}  // namespace z2::ui
