#include "ui/widgets/spark_view.h"

#include <algorithm>

#include <QPainter>

#include "ui/base/text.h"
#include "ui/theme/theme.h"
#include "ui/widgets/marks.h"

namespace z2::ui {

namespace {

constexpr int kAxisWidth = 44;
constexpr int kLines = 4;

}  // namespace

SparkView::SparkView(QWidget* parent) : QWidget(parent) {
  setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
  setMinimumHeight(160);
}

void SparkView::setPoints(const QList<qreal>& points) {
  if (points_ == points) return;
  points_ = points;
  update();
}

void SparkView::paintEvent(QPaintEvent* event) {
  Q_UNUSED(event);
  QPainter painter(this);
  painter.setFont(font());
  const QRectF plot = QRectF(rect()).adjusted(kAxisWidth, 8, -8, -10);
  if (points_.size() < 2) {
    painter.setPen(colors().secondary);
    painter.drawText(rect(), Qt::AlignCenter, tr("No loss yet"));
    return;
  }
  const auto [low, high] = std::minmax_element(points_.begin(), points_.end());
  for (int i = 0; i < kLines; ++i) {
    const double share = static_cast<double>(i) / (kLines - 1);
    const double y = plot.bottom() - plot.height() * share;
    painter.setPen(mixed(colors().surface, colors().text, 0.08));
    painter.drawLine(QPointF(plot.left(), y), QPointF(plot.right(), y));
    painter.setPen(colors().secondary);
    painter.drawText(QRectF(0, y - 8, kAxisWidth - 8, 16), Qt::AlignRight | Qt::AlignVCenter,
                     QString::number(*low + (*high - *low) * share, 'f', 2));
  }
  paintSpark(painter, plot, points_, colors().accent);
}

}  // namespace z2::ui
