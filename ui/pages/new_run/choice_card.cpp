#include "ui/pages/new_run/choice_card.h"

#include <QPainter>
#include <QPainterPath>

#include "ui/theme/theme.h"

namespace z2::ui {

namespace {

constexpr int kWidth = 200;
constexpr int kLeastWidth = 150;
constexpr int kPadding = 12;
constexpr int kRadius = 6;

QFont resized(QFont font, int pixels, bool isBold) {
  font.setPixelSize(pixels);
  font.setBold(isBold);
  return font;
}

}  // namespace

ChoiceCard::ChoiceCard(QWidget* parent) : QAbstractButton(parent) {
  setCheckable(true);
  setFocusPolicy(Qt::StrongFocus);
  setAttribute(Qt::WA_Hover);
  setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
}

void ChoiceCard::setDetails(const QString& figure, const QString& details) {
  figure_ = figure;
  details_ = details;
  setAccessibleName(text());
  setAccessibleDescription(figure + QStringLiteral(", ") + details);
  update();
}

QSize ChoiceCard::sizeHint() const {
  const int line = QFontMetrics(resized(font(), 12, false)).height();
  return {kWidth, 2 * kPadding + fontMetrics().height() + 3 * line + spacing::kGrid};
}

QSize ChoiceCard::minimumSizeHint() const { return {kLeastWidth, sizeHint().height()}; }

void ChoiceCard::paintEvent(QPaintEvent*) {
  QPainter painter(this);
  painter.setRenderHint(QPainter::Antialiasing);
  const ThemeColors& theme = colors();
  const bool isStrong = isChecked() || hasFocus();
  const qreal width = isStrong ? 2 : 1;
  const QRectF frame = QRectF(rect()).adjusted(width / 2, width / 2, -width / 2, -width / 2);
  QColor fill = theme.surface;
  if (isChecked()) {
    fill = theme.accent;
    fill.setAlphaF(theme.isDark ? 0.18F : 0.08F);
  }
  const bool isAccented = isChecked() || underMouse() || hasFocus();
  painter.setPen(QPen(isAccented ? theme.accent : theme.border, width));
  painter.setBrush(fill);
  painter.drawRoundedRect(frame, kRadius, kRadius);

  QRect inside = rect().adjusted(kPadding, kPadding, -kPadding, -kPadding);
  painter.setPen(theme.text);
  painter.setFont(resized(font(), 13, true));
  const int titleHeight = painter.fontMetrics().height();
  painter.drawText(inside, Qt::AlignLeft | Qt::AlignTop, text());
  if (isChecked()) {
    painter.setPen(theme.accent);
    painter.drawText(inside, Qt::AlignRight | Qt::AlignTop, QStringLiteral("✓"));
  }
  inside.setTop(inside.top() + titleHeight + spacing::kInside);
  painter.setPen(theme.text);
  painter.setFont(resized(font(), 12, false));
  painter.drawText(inside, Qt::AlignLeft | Qt::AlignTop, figure_);
  if (!figure_.isEmpty()) inside.setTop(inside.top() + painter.fontMetrics().height());
  painter.setPen(theme.secondary);
  painter.drawText(inside, Qt::AlignLeft | Qt::AlignTop | Qt::TextWordWrap, details_);
}

}  // namespace z2::ui
