#include "ui/base/flow_layout.h"

#include <algorithm>

#include <QStyle>
#include <QWidget>

namespace z2::ui {

FlowLayout::FlowLayout(int horizontal, int vertical, QWidget* parent)
    : QLayout(parent), horizontal_(horizontal), vertical_(vertical) {
  setContentsMargins(0, 0, 0, 0);
}

FlowLayout::~FlowLayout() = default;

void FlowLayout::addItem(QLayoutItem* item) { items_.emplace_back(item); }

void FlowLayout::addLayout(QLayout* layout) {
  addChildLayout(layout);
  addItem(layout);
}

QLayoutItem* FlowLayout::itemAt(int index) const {
  return index >= 0 && index < count() ? items_[static_cast<size_t>(index)].get() : nullptr;
}

QLayoutItem* FlowLayout::takeAt(int index) {
  if (index < 0 || index >= count()) return nullptr;
  const auto at = items_.begin() + index;
  QLayoutItem* item = at->release();
  items_.erase(at);
  invalidate();
  return item;
}

QSize FlowLayout::sizeHint() const {
  int width = 0, height = 0;
  for (const auto& item : items_) {
    if (item->isEmpty()) continue;
    width += item->sizeHint().width() + (width > 0 ? horizontal_ : 0);
    height = std::max(height, item->sizeHint().height());
  }
  return {width, height};
}

QSize FlowLayout::minimumSize() const {
  QSize size;
  for (const auto& item : items_)
    if (!item->isEmpty()) size = size.expandedTo(item->minimumSize());
  return size;
}

void FlowLayout::setGeometry(const QRect& area) {
  QLayout::setGeometry(area);
  place(area, true);
}

int FlowLayout::place(const QRect& area, bool isMoving) const {
  const QWidget* parent = parentWidget();
  const auto direction = parent != nullptr ? parent->layoutDirection() : Qt::LeftToRight;
  int x = area.x(), y = area.y(), height = 0;
  std::vector<std::pair<QLayoutItem*, QRect>> row;
  const auto endRow = [&] {
    // In the middle of the row's height, as in a box.
    for (const auto& [item, at] : row)
      if (isMoving)
        item->setGeometry(
            QStyle::visualRect(direction, area, at.translated(0, (height - at.height()) / 2)));
    row.clear();
  };
  for (const auto& item : items_) {
    if (item->isEmpty()) continue;
    const QSize size = item->sizeHint();
    if (x > area.x() && x + size.width() > area.x() + area.width()) {
      endRow();
      y += height + vertical_;
      x = area.x();
      height = 0;
    }
    row.emplace_back(item.get(), QRect(QPoint(x, y),
                                       QSize(std::min(size.width(), area.width()), size.height())));
    x += size.width() + horizontal_;
    height = std::max(height, size.height());
  }
  endRow();
  return y + height - area.y();
}

}  // namespace z2::ui
