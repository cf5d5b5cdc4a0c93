#include "ui/widgets/state_label.h"

#include <QPainter>

#include "ui/models/run_state_text.h"
#include "ui/theme/theme.h"
#include "ui/widgets/marks.h"

namespace z2::ui {

namespace {

constexpr int kMarkWidth = 18;

}  // namespace

void StateLabel::setState(std::optional<RunState> state, const QString& more) {
  state_ = state;
  more_ = more;
  setAccessibleName(text());
  updateGeometry();
  update();
}

QString StateLabel::text() const {
  const QString word = state_ ? stateWord(*state_) : tr("Unreadable");
  return more_.isEmpty() ? word : word + QStringLiteral("  ·  ") + more_;
}

QSize StateLabel::sizeHint() const {
  return {kMarkWidth + fontMetrics().horizontalAdvance(text()) + 2, fontMetrics().height() + 4};
}

void StateLabel::paintEvent(QPaintEvent* event) {
  Q_UNUSED(event);
  QPainter painter(this);
  const QColor color = state_ ? stateColor(*state_) : colors().failed;
  paintStateMark(painter, QRect(0, 0, 12, height()),
                 state_ ? stateShape(*state_) : StateShape::kCross, color);
  painter.setPen(color);
  painter.drawText(rect().adjusted(kMarkWidth, 0, 0, 0), Qt::AlignVCenter | Qt::AlignLeft, text());
}

}  // namespace z2::ui
