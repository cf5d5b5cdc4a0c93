#pragma once

// Small drawings that tables and headers share.

#include <QColor>
#include <QList>
#include <QWidget>

#include "ui/models/state_shape.h"

class QPainter;

namespace z2::ui {

// In the middle of `rect`, 12 × 12.
void paintStateMark(QPainter& painter, const QRect& rect, StateShape shape, const QColor& color);
// A line through the points, from the left to the right edge, with a dot at its end. Fewer than two
// points draw nothing.
void paintSpark(QPainter& painter, const QRectF& rect, const QList<qreal>& points,
                const QColor& color);
// A bar of 4 pixels at the lower edge of `rect`; `fraction` 0 … 1.
void paintBar(QPainter& painter, const QRect& rect, double fraction, const QColor& color);

}  // namespace z2::ui
