#pragma once

// What the crosshair of a chart says, how it is drawn, and which point it comes to next.

#include <optional>
#include <vector>

#include <QColor>
#include <QPainter>
#include <QString>

#include "ui/charts/curve_item.h"
#include "ui/charts/curve_painter.h"

namespace z2::ui {

// A curve that has a point near the crosshair: its value there, and where that is.
struct CurveReading {
  QString text;
  QColor color;
  double x = 0;
  double y = 0;
};

// At `x` of `frame`; with `baseline`, differences to that item's value.
[[nodiscard]] std::vector<CurveReading> readingsAt(const std::vector<CurveItem>& items,
                                                   std::optional<size_t> baseline,
                                                   const CurveOptions& options,
                                                   const CurveFrame& frame, double x);

// The line at `x`, which is in the frame; a dot on each curve, a box with `place` and the readings.
void paintCrosshair(QPainter& painter, const CurveFrame& frame, double x, const QString& place,
                    const std::vector<CurveReading>& readings);

// The x of the first item's next point from `from` on, in `direction` (1 or -1): at least `least`
// away, so that holding a key crosses a picture of millions of points.
[[nodiscard]] std::optional<double> nextPoint(const std::vector<CurveItem>& items, XAxis axis,
                                              double from, int direction, double least);

}  // namespace z2::ui
