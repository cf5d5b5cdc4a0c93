#include "ui/charts/curve_painter.h"

#include <algorithm>
#include <cmath>

#include <QFontMetricsF>
#include <QPainterPath>

#include "ui/base/text.h"
#include "ui/charts/axis_ticks.h"
#include "ui/charts/curve_layer.h"
#include "ui/charts/line_stroker.h"
#include "ui/charts/metric_title.h"
#include "ui/theme/theme.h"

namespace z2::ui {

namespace {

constexpr double kLeft = 56;
constexpr double kRight = 74;
constexpr double kTop = 26;
constexpr double kBottom = 24;
constexpr double kRawOpacity = 0.3;
constexpr double kFadedOpacity = 0.15;
constexpr int kDotsUpTo = 200;
constexpr double kMarkWidth = 7;
constexpr double kMarksApart = 14;  // on average; closer ones are thin lines

QColor withAlpha(QColor color, double alpha) {
  color.setAlphaF(static_cast<float>(alpha));
  return color;
}

QFont fontOf(const QPainter& painter, int pixels, bool isBold = false) {
  QFont font = painter.font();
  font.setPixelSize(pixels);
  font.setWeight(isBold ? QFont::DemiBold : QFont::Normal);
  return font;
}

AxisRange widened(AxisRange range, bool isLog) {
  if (range.begin > range.end) return isLog ? AxisRange{-1, 1} : AxisRange{0, 1};
  double margin = range.span() * 0.05;
  if (margin <= 0) margin = isLog ? 0.1 : std::max(1e-9, std::abs(range.begin) * 0.1);
  return {range.begin - margin, range.end + margin};
}

// In percent: ticks of a hundred times the values.
std::vector<AxisTick> shareTicks(const AxisRange& range, int most) {
  auto ticks = linearTicks(range.begin * 100, range.end * 100, most);
  for (AxisTick& tick : ticks) {
    tick.value /= 100;
    tick.text += QStringLiteral(" %");
  }
  return ticks;
}

void drawAxes(QPainter& painter, const CurveFrame& frame, XAxis xAxis, bool isInPercent) {
  const ThemeColors& theme = colors();
  const QRectF& plot = frame.plot;
  painter.setFont(fontOf(painter, 11));
  const int xMost = std::max(2, static_cast<int>(plot.width() / 60));
  const int yMost = std::max(2, static_cast<int>(plot.height() / 36));
  const bool isTime = xAxis == XAxis::kWallTime || xAxis == XAxis::kRunTime;
  const auto xTicks = isTime ? timeTicks(frame.x.begin, frame.x.end, xMost)
                             : linearTicks(frame.x.begin, frame.x.end, xMost);
  const auto yTicks = frame.isLogY  ? logTicks(frame.y.begin, frame.y.end, yMost)
                      : isInPercent ? shareTicks(frame.y, yMost)
                                    : linearTicks(frame.y.begin, frame.y.end, yMost);
  const QPen grid(withAlpha(theme.text, 0.08), 1);
  for (const AxisTick& tick : yTicks) {
    const double y = plot.bottom() - (tick.value - frame.y.begin) / frame.y.span() * plot.height();
    painter.setPen(grid);
    painter.drawLine(QPointF(plot.left(), std::round(y) + 0.5),
                     QPointF(plot.right(), std::round(y) + 0.5));
    painter.setPen(theme.secondary);
    painter.drawText(QRectF(0, y - 8, kLeft - 8, 16), Qt::AlignRight | Qt::AlignVCenter, tick.text);
  }
  for (const AxisTick& tick : xTicks) {
    const double x = frame.pixelOfX(tick.value);
    painter.setPen(grid);
    painter.drawLine(QPointF(std::round(x) + 0.5, plot.top()),
                     QPointF(std::round(x) + 0.5, plot.bottom()));
    painter.setPen(theme.secondary);
    painter.drawText(QRectF(x - 50, plot.bottom() + 4, 100, 16), Qt::AlignHCenter | Qt::AlignTop,
                     tick.text);
  }
  painter.setPen(QPen(withAlpha(theme.text, 0.25), 1));
  painter.drawLine(QPointF(plot.left(), plot.bottom() + 0.5),
                   QPointF(plot.right(), plot.bottom() + 0.5));
}

// Vertices in pixels; a logarithmic axis puts what it cannot show below the plot.
class Projection {
 public:
  Projection(const CurveFrame& frame) : frame_(frame) {}
  [[nodiscard]] QPointF operator()(const TracePoint& point) const {
    const double y = frame_.pixelOfY(point.y);
    // Far outside, coordinates make strokes slow and wrong.
    return {std::clamp(frame_.pixelOfX(point.x), -1e5, 1e5), std::clamp(y, -1e5, 1e5)};
  }

 private:
  const CurveFrame& frame_;
};

void drawTrace(QPainter& painter, const CurveFrame& frame, const std::vector<TracePoint>& trace,
               const QPen& pen, bool isExact) {
  if (trace.empty()) return;
  const Projection project(frame);
  std::vector<QPointF> points;
  points.reserve(trace.size());
  std::vector<size_t> starts;
  for (const TracePoint& point : trace) {
    if (point.startsLine) starts.push_back(points.size());
    points.push_back(project(point));
  }
  strokeLines(painter, points, starts, pen, isExact);
}

void drawDots(QPainter& painter, const CurveFrame& frame, const std::vector<TracePoint>& trace,
              const QColor& color) {
  if (trace.size() > kDotsUpTo) return;
  const Projection project(frame);
  painter.setPen(QPen(colors().surface, 1.5));
  painter.setBrush(color);
  for (const TracePoint& point : trace) painter.drawEllipse(project(point), 3.5, 3.5);
  painter.setBrush(Qt::NoBrush);
}

void drawLayer(QPainter& painter, const CurveFrame& frame, const CurveLayer& layer, bool isExact) {
  const CurveItem& item = *layer.item;
  const double strength = item.isFaded ? kFadedOpacity : 1;
  const double width = item.isHighlighted ? 2.5 : 1.5;
  for (const auto& line : layer.superseded)
    drawTrace(painter, frame, line, QPen(withAlpha(colors().secondary, 0.35 * strength), 1),
              isExact);
  const bool isFaint = !layer.smooth.empty();
  QPen pen(withAlpha(item.color, isFaint ? kRawOpacity * strength : strength), isFaint ? 1 : width,
           isFaint ? Qt::SolidLine : item.dashes);
  drawTrace(painter, frame, layer.raw, pen, isExact);
  drawTrace(painter, frame, layer.smooth, QPen(withAlpha(item.color, strength), width, item.dashes),
            isExact);
  const bool isLonely = layer.raw.size() <= 2;  // a line of one point cannot be seen
  if (item.hasPoints || isLonely)
    drawDots(painter, frame, layer.raw, withAlpha(item.color, strength));
}

void drawNotFinite(QPainter& painter, const CurveFrame& frame, const CurveLayer& layer) {
  painter.setPen(QPen(colors().failed, 1.5));
  const double y = frame.plot.bottom() - 6;
  for (const double at : layer.notFinite) {
    const double x = frame.pixelOfX(at);
    painter.drawLine(QPointF(x - 3, y - 3), QPointF(x + 3, y + 3));
    painter.drawLine(QPointF(x - 3, y + 3), QPointF(x + 3, y - 3));
  }
}

// The newest values at the lines' ends, moved apart where they would lie on each other.
void drawLabels(QPainter& painter, const CurveFrame& frame, const std::vector<CurveLayer>& layers) {
  struct Label {
    double y;
    const CurveLayer* layer;
  };
  std::vector<Label> labels;
  for (const CurveLayer& layer : layers)
    if (layer.hasLast && !layer.item->isFaded)
      labels.push_back(
          {std::clamp(frame.pixelOfY(layer.lastValue), frame.plot.top(), frame.plot.bottom()),
           &layer});
  std::sort(labels.begin(), labels.end(), [](const Label& a, const Label& b) { return a.y < b.y; });
  constexpr double kHeight = 13;
  for (size_t i = 1; i < labels.size(); ++i)
    labels[i].y = std::max(labels[i].y, labels[i - 1].y + kHeight);
  double lowest = frame.plot.bottom() - kHeight / 2;  // above the texts of the axis
  for (size_t i = labels.size(); i-- > 0; lowest = labels[i].y - kHeight)
    labels[i].y = std::min(labels[i].y, lowest);
  painter.setFont(fontOf(painter, 11, true));
  for (const Label& label : labels) {
    painter.setPen(label.layer->item->color);
    painter.drawText(QRectF(frame.plot.right() + 6, label.y - 8, kRight - 8, 16),
                     Qt::AlignLeft | Qt::AlignVCenter,
                     metricNumber(label.layer->item->metric, label.layer->lastValue));
  }
}

QColor colorOf(MarkKind kind) {
  switch (kind) {
    case MarkKind::kRestart:
      return colors().waiting;
    case MarkKind::kAlert:
      return colors().failed;
    case MarkKind::kCheckpoint:
    case MarkKind::kEvaluation:
      break;
  }
  return colors().secondary;
}

void drawMarks(QPainter& painter, const CurveFrame& frame, const CurveScene& scene) {
  if (scene.items.empty() || !scene.options.showsMarks) return;
  const auto& source = scene.items.front().source;
  const auto lock = source->lock();
  const CurveTable& table = source->curves().current();
  if (table.rows() == 0) return;
  const auto checkpoints =
      std::count_if(scene.marks.begin(), scene.marks.end(),
                    [](const CurveMark& mark) { return mark.kind == MarkKind::kCheckpoint; });
  const bool isDense = static_cast<double>(checkpoints) * kMarksApart > frame.plot.width();
  for (const CurveMark& mark : scene.marks) {
    const uint32_t row = std::min(
        table.firstNotBefore(XAxis::kStep, static_cast<double>(mark.step)), table.rows() - 1);
    const double at = table.x(scene.options.xAxis, row);
    if (!scene.x.contains(at)) continue;
    const double x = frame.pixelOfX(at);
    const QColor color = colorOf(mark.kind);
    const bool isLine = mark.kind == MarkKind::kRestart || mark.kind == MarkKind::kAlert;
    painter.setPen(QPen(withAlpha(color, 0.6), 1, Qt::DashLine));
    if (isLine) painter.drawLine(QPointF(x, frame.plot.top()), QPointF(x, frame.plot.bottom()));
    painter.setPen(Qt::NoPen);
    painter.setBrush(color);
    const double y = frame.plot.bottom() + 1;
    if (isDense && !isLine)
      painter.drawRect(QRectF(x - 0.5, y - 4, 1, 4));
    else
      painter.drawPolygon(QPolygonF({QPointF(x, y - 5), QPointF(x - kMarkWidth / 2, y + 2),
                                     QPointF(x + kMarkWidth / 2, y + 2)}));
    painter.setBrush(Qt::NoBrush);
  }
}

// Each with a piece of its line, as far as there is room.
void drawNames(QPainter& painter, double x, double end, const CurveScene& scene) {
  constexpr double kLine = 12;
  constexpr double kGap = 6;
  painter.setFont(fontOf(painter, 11));
  for (const CurveItem& item : scene.items) {
    const double width = QFontMetricsF(painter.font()).horizontalAdvance(item.label);
    if (x + kLine + kGap + width > end) return;
    painter.setPen(QPen(item.color, 2, item.dashes));
    painter.drawLine(QPointF(x, 14.5), QPointF(x + kLine, 14.5));
    x += kLine + kGap;
    painter.setPen(colors().secondary);
    painter.drawText(QRectF(x, 4, width + 1, 20), Qt::AlignLeft | Qt::AlignVCenter, item.label);
    x += width + 2 * kGap;
  }
}

void drawTitle(QPainter& painter, const QSizeF& size, const CurveScene& scene) {
  constexpr double kGap = 16;
  painter.setFont(fontOf(painter, 12, true));
  painter.setPen(colors().text);
  const QRectF at(12, 4, size.width() - 24, 20);
  const QFontMetricsF metrics(painter.font());
  painter.drawText(at, Qt::AlignLeft | Qt::AlignVCenter,
                   metrics.elidedText(scene.title, Qt::ElideRight, at.width()));
  if (scene.namesCurves && scene.items.size() > 1)
    drawNames(painter, at.left() + metrics.horizontalAdvance(scene.title) + kGap, at.right(),
              scene);
}

}  // namespace

double CurveFrame::pixelOfY(double value) const {
  const double at = !isLogY ? value : value > 0 ? std::log10(value) : y.begin - y.span();
  return plot.bottom() - (at - y.begin) / y.span() * plot.height();
}

CurveFrame paintCurves(QPainter& painter, const QSizeF& size, const CurveScene& scene,
                       bool isExact) {
  CurveFrame frame;
  frame.plot = QRectF(kLeft, kTop, std::max(10.0, size.width() - kLeft - kRight),
                      std::max(10.0, size.height() - kTop - kBottom));
  frame.x = scene.x;
  if (frame.x.span() <= 0) frame.x = {scene.x.begin - 0.5, scene.x.begin + 0.5};
  frame.isLogY = scene.options.isLogY;
  const double ratio = painter.device() != nullptr ? painter.device()->devicePixelRatioF() : 1;
  const int pixels = std::max(1, static_cast<int>(frame.plot.width() * (isExact ? 2 : ratio)));
  std::vector<CurveLayer> layers;
  layers.reserve(scene.items.size());
  for (const CurveItem& item : scene.items)
    if (item.source != nullptr) layers.push_back(layerOf(item, scene.options, frame.x, pixels));
  const AxisRange found = yRangeOf(layers, frame.x, frame.isLogY);
  frame.isEmpty = found.begin > found.end;
  frame.y = scene.y.value_or(widened(found, frame.isLogY));
  if (frame.isLogY)
    for (const CurveLayer& layer : layers)
      for (const TracePoint& point : layer.raw) frame.hidden += point.y <= 0 ? 1 : 0;

  drawTitle(painter, size, scene);
  if (frame.isEmpty) {
    painter.setFont(fontOf(painter, 12));
    painter.setPen(colors().secondary);
    painter.drawText(frame.plot, Qt::AlignCenter | Qt::TextWordWrap, scene.emptyText);
    return frame;
  }
  drawAxes(painter, frame, scene.options.xAxis, isShare(scene.items.front().metric));
  painter.save();
  painter.setClipRect(frame.plot.adjusted(0, -1, 1, 1));
  for (const CurveLayer& layer : layers)
    if (!layer.item->isHighlighted) drawLayer(painter, frame, layer, isExact);
  for (const CurveLayer& layer : layers)
    if (layer.item->isHighlighted) drawLayer(painter, frame, layer, isExact);
  painter.setRenderHint(QPainter::Antialiasing, true);
  for (const CurveLayer& layer : layers) drawNotFinite(painter, frame, layer);
  painter.restore();
  painter.setRenderHint(QPainter::Antialiasing, true);
  drawMarks(painter, frame, scene);
  drawLabels(painter, frame, layers);
  return frame;
}

std::optional<AxisRange> rangeOf(const CurveSource& source, XAxis axis) {
  const auto lock = source.lock();
  const CurveTable& table = source.curves().current();
  if (table.rows() == 0) return std::nullopt;
  AxisRange range{table.x(axis, 0), table.x(axis, table.rows() - 1)};
  for (const CurveTable& old : source.curves().superseded())
    if (old.rows() > 0) range.end = std::max(range.end, old.x(axis, old.rows() - 1));
  return range;
}

}  // namespace z2::ui
