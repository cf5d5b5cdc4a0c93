#pragma once

// Draws a chart of any number of points in a few milliseconds: onto the screen, into a picture,
// into SVG. Own drawing instead of Qt Charts, which strokes each curve anew for each change (2.1 s
// for a million points), loses curves on logarithmic axes and is deprecated since Qt 6.10.

#include <optional>
#include <vector>

#include <QPainter>
#include <QRectF>

#include "ui/charts/curve_item.h"

namespace z2::ui {

struct CurveScene {
  std::vector<CurveItem> items;
  std::vector<CurveMark> marks;  // of the first item's run
  CurveOptions options;
  AxisRange x;
  std::optional<AxisRange> y;  // empty: what is visible, with a margin
  QString title;
  bool namesCurves = false;  // beside the title, where there are several
  QString emptyText;         // shown in place of curves when there is none
};

// What a frame came to, for hit tests and the crosshair.
struct CurveFrame {
  QRectF plot;
  AxisRange x;
  AxisRange y;
  bool isLogY = false;
  uint64_t hidden = 0;  // vertices that a logarithmic axis cannot show
  bool isEmpty = true;

  [[nodiscard]] double xAt(double pixel) const {
    return x.begin + (pixel - plot.left()) / plot.width() * x.span();
  }
  [[nodiscard]] double pixelOfX(double value) const {
    return plot.left() + (value - x.begin) / x.span() * plot.width();
  }
  // Of a value as it is recorded, whatever the axis.
  [[nodiscard]] double pixelOfY(double value) const;
  [[nodiscard]] double yAt(double pixel) const {  // on the axis: a logarithm when it is one
    return y.begin + (plot.bottom() - pixel) / plot.height() * y.span();
  }
};

// `size` in logical pixels. `isExact`: as vectors, with every vertex (for SVG and paper); else
// dense curves are drawn a pixel column at a time. Holds each source's lock for its trace only.
CurveFrame paintCurves(QPainter& painter, const QSizeF& size, const CurveScene& scene,
                       bool isExact = false);

// The x of all of a source's current rows; empty when there are none.
[[nodiscard]] std::optional<AxisRange> rangeOf(const CurveSource& source, XAxis axis);

}  // namespace z2::ui
