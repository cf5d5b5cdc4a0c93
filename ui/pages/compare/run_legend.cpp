#include "ui/pages/compare/run_legend.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QPainter>
#include <QPixmap>
#include <QPushButton>

#include "ui/base/child.h"
#include "ui/theme/theme.h"

namespace z2::ui {

RunLegend::RunLegend(QWidget* parent) : QWidget(parent), row_(child<QHBoxLayout>(this)) {
  row_->setContentsMargins(0, 0, 0, 0);
  row_->setSpacing(spacing::kGrid);
  row_->addStretch(1);
}

void RunLegend::setRuns(const QStringList& titles) {
  for (QPushButton* button : buttons_) button->deleteLater();
  buttons_.clear();
  highlighted_ = -1;
  for (int run = 0; run < titles.size(); ++run) {
    auto* button = child<QPushButton>(QLatin1Char(' ') + titles.at(run), this);
    button->setCheckable(true);
    button->setChecked(true);
    button->setProperty("role", QStringLiteral("quiet"));
    button->installEventFilter(this);
    connect(button, &QPushButton::toggled, this, [this] {
      drawIcons();
      Q_EMIT changed();
    });
    row_->insertWidget(run, button);
    buttons_.push_back(button);
  }
  drawIcons();
}

bool RunLegend::isShown(int run) const {
  return run < static_cast<int>(buttons_.size()) && buttons_[static_cast<size_t>(run)]->isChecked();
}

void RunLegend::drawIcons() {
  for (size_t run = 0; run < buttons_.size(); ++run) {
    const bool isOn = buttons_[run]->isChecked();
    QPixmap icon(QSize(24, 12) * devicePixelRatioF());
    icon.setDevicePixelRatio(devicePixelRatioF());
    icon.fill(Qt::transparent);
    QPainter painter(&icon);
    painter.setRenderHint(QPainter::Antialiasing);
    const int index = static_cast<int>(run);
    painter.setPen(QPen(isOn ? curveColor(index) : colors().border, 2.5,
                        isOn ? curveDashes(index) : Qt::SolidLine));
    painter.drawLine(QPointF(1, 6), QPointF(23, 6));
    painter.end();
    buttons_[run]->setIcon(QIcon(icon));
    buttons_[run]->setIconSize(QSize(24, 12));
    const QString what = isOn ? tr("Shown; press to hide") : tr("Hidden; press to show");
    buttons_[run]->setToolTip(what);
    buttons_[run]->setAccessibleDescription(what);
  }
}

void RunLegend::highlight(int run) {
  if (run == highlighted_) return;
  highlighted_ = run;
  Q_EMIT changed();
}

bool RunLegend::eventFilter(QObject* watched, QEvent* event) {
  const bool isEnter = event->type() == QEvent::Enter || event->type() == QEvent::FocusIn;
  const bool isLeave = event->type() == QEvent::Leave || event->type() == QEvent::FocusOut;
  if (isLeave) highlight(-1);
  if (isEnter)
    for (size_t run = 0; run < buttons_.size(); ++run)
      if (buttons_[run] == watched && buttons_[run]->isChecked()) highlight(static_cast<int>(run));
  return QWidget::eventFilter(watched, event);
}

void RunLegend::changeEvent(QEvent* event) {
  if (event->type() == QEvent::LanguageChange || event->type() == QEvent::PaletteChange)
    drawIcons();
  QWidget::changeEvent(event);
}

}  // namespace z2::ui
