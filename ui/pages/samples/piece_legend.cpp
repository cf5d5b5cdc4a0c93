#include "ui/pages/samples/piece_legend.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>

#include "ui/base/child.h"
#include "ui/pages/library/piece_view.h"
#include "ui/theme/theme.h"

namespace z2::ui {

PieceLegend::PieceLegend(QWidget* parent)
    : QWidget(parent),
      trained_(child<QLabel>(this)),
      read_(child<QLabel>(this)),
      cut_(child<QLabel>(this)),
      special_(child<QLabel>(this)) {
  auto* row = child<QHBoxLayout>(this);
  row->setContentsMargins(0, 0, 0, 0);
  row->setSpacing(spacing::kGrid);
  for (QLabel* label : {trained_, read_, cut_, special_}) row->addWidget(label);
  row->addStretch();
  QFont struck = cut_->font();
  struck.setStrikeOut(true);
  cut_->setFont(struck);
  paintChips();
  retranslate();
}

void PieceLegend::paintChips() {
  const auto chip = [](QLabel* label, const QColor& back, const QColor& text, const QString& more) {
    label->setStyleSheet(QStringLiteral("QLabel { background: %1; color: %2; font-size: 12px; "
                                        "padding: 1px 6px; border-radius: 3px; %3 }")
                             .arg(back.name(), text.name(), more));
  };
  const ThemeColors& theme = colors();
  chip(trained_, pieceColor(Piece::Use::kTrained), theme.text, {});
  chip(read_, pieceColor(Piece::Use::kRead), theme.text, {});
  chip(cut_, theme.surface, theme.secondary, {});
  chip(special_, theme.surface, theme.accent,
       QStringLiteral("border: 1px solid %1; border-radius: 9px;").arg(theme.accent.name()));
}

void PieceLegend::retranslate() {
  trained_->setText(tr("trained"));
  read_->setText(tr("read, not trained"));
  cut_->setText(tr("cut"));
  special_->setText(tr("special token"));
}

void PieceLegend::changeEvent(QEvent* event) {
  if (event->type() == QEvent::LanguageChange) retranslate();
  if (event->type() == QEvent::PaletteChange) paintChips();
  QWidget::changeEvent(event);
}

}  // namespace z2::ui
