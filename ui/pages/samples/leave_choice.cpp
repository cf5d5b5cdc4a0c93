#include "ui/pages/samples/leave_choice.h"

#include <QCheckBox>
#include <QEvent>
#include <QSignalBlocker>
#include <QVBoxLayout>

#include "ui/base/child.h"
#include "ui/theme/theme.h"

namespace z2::ui {

LeaveChoice::LeaveChoice(const std::array<QString, kLeaves>& flags, QWidget* parent)
    : QWidget(parent), boxes_({child<QCheckBox>(this), child<QCheckBox>(this)}) {
  auto* column = child<QVBoxLayout>(this);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(spacing::kInside);
  boxes_[kCut]->setObjectName(QStringLiteral("allowCut"));
  boxes_[kUntrained]->setObjectName(QStringLiteral("allowUntrained"));
  for (size_t i = 0; i < boxes_.size(); ++i) {
    boxes_.at(i)->setToolTip(flags.at(i));
    boxes_.at(i)->hide();
    column->addWidget(boxes_.at(i));
    connect(boxes_.at(i), &QCheckBox::toggled, this, &LeaveChoice::decided);
  }
  retranslate();
}

void LeaveChoice::offer(Leave leave, bool isOffered) {
  QCheckBox* box = boxes_.at(leave);
  if (!isOffered) setGiven(leave, false);
  box->setVisible(isOffered);
}

bool LeaveChoice::isOffered(Leave leave) const { return !boxes_.at(leave)->isHidden(); }

void LeaveChoice::setGiven(Leave leave, bool isGiven) {
  const QSignalBlocker quiet(boxes_.at(leave));
  boxes_.at(leave)->setChecked(isGiven);
}

bool LeaveChoice::isGiven(Leave leave) const { return boxes_.at(leave)->isChecked(); }

void LeaveChoice::retranslate() {
  boxes_[kCut]->setText(tr("Go on, with the long samples cut"));
  boxes_[kUntrained]->setText(tr("Go on, without the samples that train nothing"));
}

void LeaveChoice::changeEvent(QEvent* event) {
  if (event->type() == QEvent::LanguageChange) retranslate();
  QWidget::changeEvent(event);
}

}  // namespace z2::ui
