#include "ui/widgets/marks.h"

#include <algorithm>

#include <QPainter>
#include <QPainterPath>

#include "ui/theme/theme.h"

namespace z2::ui {

void paintStateMark(QPainter& painter, const QRect& rect, StateShape shape, const QColor& color) {
  const QPointF middle = QRectF(rect).center();
  painter.save();
  painter.setRenderHint(QPainter::Antialiasing);
  painter.setPen(QPen(color, 1.8, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
  painter.translate(middle);
  switch (shape) {
    case StateShape::kDot:
      painter.setBrush(color);
      painter.drawEllipse(QPointF(0, 0), 3.6, 3.6);
      break;
    case StateShape::kRing:
      painter.drawEllipse(QPointF(0, 0), 3.6, 3.6);
      break;
    case StateShape::kTick:
      painter.drawPolyline(QPolygonF({{-4.5, 0.5}, {-1.5, 3.5}, {4.5, -3.5}}));
      break;
    case StateShape::kSquare:
      painter.fillRect(QRectF(-4, -4, 8, 8), color);
      break;
    case StateShape::kCross:
      painter.drawLine(QPointF(-3.5, -3.5), QPointF(3.5, 3.5));
      painter.drawLine(QPointF(-3.5, 3.5), QPointF(3.5, -3.5));
      break;
    case StateShape::kClock:
      painter.drawEllipse(QPointF(0, 0), 4.6, 4.6);
      painter.setBrush(color);
      painter.setPen(Qt::NoPen);
      painter.drawPie(QRectF(-4.6, -4.6, 9.2, 9.2), 0, 90 * 16);
      break;
  }
  painter.restore();
}

void paintSpark(QPainter& painter, const QRectF& rect, const QList<qreal>& points,
                const QColor& color) {
  if (points.size() < 2) return;
  const auto [low, high] = std::minmax_element(points.begin(), points.end());
  const qreal range = *high > *low ? *high - *low : 1;
  QPolygonF line;
  for (qsizetype i = 0; i < points.size(); ++i)
    line.append(QPointF(
        rect.left() + rect.width() * static_cast<qreal>(i) / static_cast<qreal>(points.size() - 1),
        rect.bottom() - rect.height() * (points.at(i) - *low) / range));
  painter.save();
  painter.setRenderHint(QPainter::Antialiasing);
  painter.setPen(QPen(color, 1.5, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
  painter.drawPolyline(line);
  painter.setBrush(color);
  painter.setPen(Qt::NoPen);
  painter.drawEllipse(line.last(), 2.2, 2.2);
  painter.restore();
}

void paintBar(QPainter& painter, const QRect& rect, double fraction, const QColor& color) {
  painter.save();
  painter.setRenderHint(QPainter::Antialiasing);
  painter.setPen(Qt::NoPen);
  const QRectF whole(rect.left(), rect.bottom() - 3, rect.width(), 4);
  painter.setBrush(colors().border);
  painter.drawRoundedRect(whole, 2, 2);
  QRectF done = whole;
  done.setWidth(whole.width() * std::clamp(fraction, 0.0, 1.0));
  painter.setBrush(color);
  if (done.width() >= 1) painter.drawRoundedRect(done, 2, 2);
  painter.restore();
}

}  // namespace z2::ui
