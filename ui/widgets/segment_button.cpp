#include "ui/widgets/segment_button.h"

#include <algorithm>

namespace z2::ui {

SegmentButton::SegmentButton(QWidget* parent) : QPushButton(parent) {
  setCheckable(true);
  setProperty("role", QStringLiteral("segment"));
}

QSize SegmentButton::sizeHint() const {
  QFont bold = font();
  bold.setWeight(QFont::DemiBold);
  const int more =
      QFontMetrics(bold).horizontalAdvance(text()) - fontMetrics().horizontalAdvance(text());
  return QPushButton::sizeHint() + QSize(std::max(0, more), 0);
}

}  // namespace z2::ui
