#include "ui/pages/new_run/memory_bar.h"

#include <algorithm>

#include <QPainter>
#include <QPainterPath>

#include "ui/base/text.h"
#include "ui/theme/theme.h"

namespace z2::ui {

namespace {

constexpr int kBarHeight = 16;
constexpr int kSwatch = 10;
constexpr int kRadius = 4;

}  // namespace

MemoryBar::MemoryBar(QWidget* parent) : QWidget(parent) {
  QSizePolicy policy(QSizePolicy::Expanding, QSizePolicy::Preferred);
  policy.setHeightForWidth(true);
  setSizePolicy(policy);
}

void MemoryBar::setParts(std::vector<Part> parts, double limit) {
  parts_ = std::move(parts);
  limit_ = limit;
  QStringList said;
  for (const Part& part : parts_) said.append(part.name + QLatin1Char(' ') + byteSize(part.bytes));
  setAccessibleDescription(said.join(QStringLiteral(", ")));
  updateGeometry();
  update();
}

QFont MemoryBar::legendFont() const {
  QFont small = font();
  small.setPixelSize(12);
  return small;
}

int MemoryBar::columnsFor(int width) const {
  const QFontMetrics metrics(legendFont());
  int widest = 1;
  for (const Part& part : parts_)
    widest = std::max(widest, metrics.horizontalAdvance(part.name + byteSize(part.bytes)));
  widest += kSwatch + 4 * spacing::kGrid;
  return std::clamp(width / widest, 1, std::max<int>(1, static_cast<int>(parts_.size())));
}

QSize MemoryBar::sizeHint() const { return {480, heightForWidth(480)}; }

int MemoryBar::heightForWidth(int width) const {
  const int columns = columnsFor(width);
  const int rows = (static_cast<int>(parts_.size()) + columns - 1) / columns;
  const int line = QFontMetrics(legendFont()).height() + spacing::kInside;
  return kBarHeight + spacing::kGrid + rows * line;
}

void MemoryBar::paintEvent(QPaintEvent*) {
  QPainter painter(this);
  painter.setRenderHint(QPainter::Antialiasing);
  const ThemeColors& theme = colors();
  double total = 0;
  for (const Part& part : parts_) total += part.bytes;
  const double full = std::max({total, limit_, 1.0});
  const QRectF bar(0.5, 0.5, width() - 1, kBarHeight - 1);
  QPainterPath shape;
  shape.addRoundedRect(bar, kRadius, kRadius);
  painter.fillPath(shape, theme.surface);
  painter.save();
  painter.setClipPath(shape);
  double left = bar.left();
  for (size_t i = 0; i < parts_.size(); ++i) {
    const double length = parts_[i].bytes / full * bar.width();
    painter.fillRect(QRectF(left, bar.top(), length, bar.height()),
                     curveColor(static_cast<int>(i)));
    left += length;
  }
  painter.restore();
  if (limit_ > 0 && total > limit_) {
    const double x = bar.left() + limit_ / full * bar.width();
    painter.setPen(QPen(theme.failed, 2));
    painter.drawLine(QPointF(x, 0), QPointF(x, kBarHeight));
  }
  painter.setPen(theme.border);
  painter.drawPath(shape);

  painter.setFont(legendFont());
  const int columns = columnsFor(width());
  const int columnWidth = width() / columns;
  const int line = painter.fontMetrics().height() + spacing::kInside;
  for (size_t i = 0; i < parts_.size(); ++i) {
    const int column = static_cast<int>(i) % columns;
    const int row = static_cast<int>(i) / columns;
    const QRect place(column * columnWidth, kBarHeight + spacing::kGrid + row * line,
                      columnWidth - 2 * spacing::kGrid, line);
    painter.setPen(Qt::NoPen);
    painter.setBrush(curveColor(static_cast<int>(i)));
    painter.drawRoundedRect(
        QRect(place.left(), place.top() + (line - kSwatch) / 2, kSwatch, kSwatch), 2, 2);
    const QRect words = place.adjusted(kSwatch + spacing::kGrid, 0, 0, 0);
    painter.setPen(theme.text);
    painter.drawText(words, Qt::AlignLeft | Qt::AlignVCenter, parts_[i].name);
    painter.setPen(theme.secondary);
    painter.drawText(words, Qt::AlignRight | Qt::AlignVCenter, byteSize(parts_[i].bytes));
  }
}

}  // namespace z2::ui
