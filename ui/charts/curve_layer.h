#pragma once

// One curve of a chart as vertices: taken out of the source while its lock is held, drawn after.

#include <vector>

#include "ui/charts/curve_item.h"

namespace z2::ui {

struct CurveLayer {
  const CurveItem* item = nullptr;
  std::vector<TracePoint> raw;
  std::vector<TracePoint> smooth;  // empty: none is there, or none is wanted
  std::vector<std::vector<TracePoint>> superseded;
  std::vector<double> notFinite;  // x of columns with a value that is not finite
  float lastValue = 0;            // the newest one that counts, smoothed when that is drawn
  bool hasLast = false;
};

// `columns`: pixels of the plot's width.
[[nodiscard]] CurveLayer layerOf(const CurveItem& item, const CurveOptions& options,
                                 const AxisRange& x, int columns);

// The y that the layers' visible vertices span, without a margin; decimal logarithms when asked
// for. begin > end: there is nothing to show.
[[nodiscard]] AxisRange yRangeOf(const std::vector<CurveLayer>& layers, const AxisRange& x,
                                 bool isLog);

}  // namespace z2::ui
