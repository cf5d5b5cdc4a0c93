#pragma once

// What a chart draws and how: shared by the widget, the painter and the export.

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include <QColor>
#include <QString>

#include "ui/charts/store/curve_source.h"
#include "ui/charts/store/curve_trace.h"

namespace z2::ui {

// One metric of one run.
struct CurveItem {
  std::shared_ptr<const CurveSource> source;
  std::string metric;
  QString label;  // at the line's end and at the crosshair
  QColor color;
  Qt::PenStyle dashes = Qt::SolidLine;
  bool isFaded = false;  // another one is highlighted
  bool isHighlighted = false;
  bool hasPoints = false;  // few values, each with a dot (evaluations); never smoothed
};

enum class MarkKind { kCheckpoint, kEvaluation, kRestart, kAlert };

// Something that happened at a step, drawn on the axis.
struct CurveMark {
  MarkKind kind = MarkKind::kCheckpoint;
  int64_t step = 0;
  QString text;
};

// Choices that the charts of a page share.
struct CurveOptions {
  XAxis xAxis = XAxis::kStep;
  bool isLogY = false;
  bool isSmoothed = true;       // draw the smoothed curve strong where there is one, the raw faint
  bool showsSuperseded = true;  // what was rolled back, faint
  bool showsMarks = true;
};

// A range of an axis; of y: decimal logarithms when the axis is logarithmic.
struct AxisRange {
  double begin = 0;
  double end = 1;
  [[nodiscard]] double span() const { return end - begin; }
  [[nodiscard]] bool contains(double value) const { return value >= begin && value <= end; }
};

}  // namespace z2::ui
