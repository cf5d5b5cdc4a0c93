#include "ui/charts/curve_readings.h"

#include <algorithm>
#include <cmath>

#include <QFontMetricsF>

#include "ui/charts/metric_title.h"
#include "ui/theme/theme.h"

namespace z2::ui {

std::vector<CurveReading> readingsAt(const std::vector<CurveItem>& items,
                                     std::optional<size_t> baseline, const CurveOptions& options,
                                     const CurveFrame& frame, double x) {
  std::vector<CurveReading> readings;
  std::optional<double> base;
  for (const CurveItem& item : items) {
    if (item.source == nullptr || item.isFaded) continue;
    const auto lock = item.source->lock();
    const CurveTable& table = item.source->curves().current();
    const CurveSeries* series = item.source->curves().series(item.metric);
    if (series == nullptr || series->size() == 0) continue;
    const XAxis axis = options.xAxis;
    const size_t index = nearestIndex(table, *series, axis, x);
    const double at = table.x(axis, series->rowOf(index));
    // A curve that has no point anywhere near says nothing.
    if (std::abs(frame.pixelOfX(at) - frame.pixelOfX(x)) > frame.plot.width() * 0.25) continue;
    const double raw = series->raw().values[index];
    const bool isSmooth = options.isSmoothed && !item.hasPoints && !isPlanned(item.metric) &&
                          series->smooth() != nullptr;
    const double shown = isSmooth ? series->smooth()->values[index] : raw;
    QString text = metricNumber(item.metric, shown);
    // Of a single curve the title tells the name.
    if (items.size() > 1) text.prepend(item.label + QStringLiteral("  "));
    if (isSmooth) text += QStringLiteral(" (") + metricNumber(item.metric, raw) + QLatin1Char(')');
    if (baseline && &item == &items[std::min(*baseline, items.size() - 1)]) base = shown;
    readings.push_back({text, item.color, at, shown});
  }
  if (base)
    for (CurveReading& reading : readings) {
      const double difference = reading.y - *base;
      if (difference == 0) continue;
      const QString sign = difference > 0 ? QStringLiteral("+") : QStringLiteral("−");
      reading.text +=
          QStringLiteral("   ") + sign + metricNumber(items.front().metric, std::abs(difference));
      if (*base != 0)
        reading.text += QStringLiteral(" (") + sign +
                        QString::number(std::abs(difference / *base) * 100, 'f', 1) +
                        QStringLiteral(" %)");
    }
  return readings;
}

void paintCrosshair(QPainter& painter, const CurveFrame& frame, double at, const QString& place,
                    const std::vector<CurveReading>& readings) {
  const double x = frame.pixelOfX(at);
  painter.setRenderHint(QPainter::Antialiasing, true);
  painter.setPen(QPen(colors().secondary, 1, Qt::DotLine));
  painter.drawLine(QPointF(x, frame.plot.top()), QPointF(x, frame.plot.bottom()));
  if (readings.empty()) return;
  QFont small = painter.font();
  small.setPixelSize(12);
  painter.setFont(small);
  const QFontMetricsF metrics(small);
  double width = metrics.horizontalAdvance(place);
  for (const CurveReading& reading : readings)
    width = std::max(width, metrics.horizontalAdvance(reading.text) + 14);
  constexpr double kLine = 17;
  QRectF box(x + 10, frame.plot.top() + 4, width + 16,
             kLine * static_cast<double>(readings.size() + 1) + 8);
  if (box.right() > frame.plot.right()) box.moveRight(x - 10);
  box.moveLeft(std::max(box.left(), 4.0));
  for (const CurveReading& reading : readings) {
    painter.setPen(QPen(colors().surface, 1.5));
    painter.setBrush(reading.color);
    painter.drawEllipse(QPointF(frame.pixelOfX(reading.x), frame.pixelOfY(reading.y)), 4, 4);
  }
  QColor back = colors().surface;
  back.setAlphaF(0.94F);
  painter.setPen(colors().border);
  painter.setBrush(back);
  painter.drawRoundedRect(box, 4, 4);
  double y = box.top() + 4;
  const auto write = [&](const QString& text, const QColor& color, double indent) {
    painter.setPen(color);
    painter.drawText(QRectF(box.left() + 8 + indent, y, box.width(), kLine), Qt::AlignVCenter,
                     text);
    y += kLine;
  };
  write(place, colors().secondary, 0);
  for (const CurveReading& reading : readings) {
    painter.setPen(Qt::NoPen);
    painter.setBrush(reading.color);
    painter.drawEllipse(QPointF(box.left() + 12, y + kLine / 2), 4, 4);
    write(reading.text, colors().text, 14);
  }
}

std::optional<double> nextPoint(const std::vector<CurveItem>& items, XAxis axis, double from,
                                int direction, double least) {
  for (const CurveItem& item : items) {
    if (item.source == nullptr) continue;
    const auto lock = item.source->lock();
    const CurveTable& table = item.source->curves().current();
    const CurveSeries* series = item.source->curves().series(item.metric);
    if (series == nullptr || series->size() == 0) continue;
    size_t index = nearestIndex(table, *series, axis, from);
    const auto last = static_cast<std::ptrdiff_t>(series->size()) - 1;
    while (true) {
      const std::ptrdiff_t next = static_cast<std::ptrdiff_t>(index) + direction;
      if (next < 0 || next > last) return std::nullopt;
      index = static_cast<size_t>(next);
      const double x = table.x(axis, series->rowOf(index));
      if (std::abs(x - from) >= least) return x;
      if (direction > 0)
        index =
            std::max<size_t>(index, series->indexOf(table.firstNotBefore(axis, from + least)) - 1);
    }
  }
  return std::nullopt;
}

}  // namespace z2::ui
