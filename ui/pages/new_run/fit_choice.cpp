#include "ui/pages/new_run/fit_choice.h"

#include <algorithm>

#include <QEvent>
#include <QHBoxLayout>
#include <QPushButton>

#include "ui/base/child.h"
#include "ui/pages/new_run/new_run_plan.h"
#include "ui/pages/new_run/plan_samples.h"
#include "ui/pages/samples/leave_choice.h"

namespace z2::ui {

namespace {

struct Key {
  LeaveChoice::Leave leave;
  const char* name;
};
constexpr Key kKeys[] = {{LeaveChoice::kCut, "data.allow_cut"},
                         {LeaveChoice::kUntrained, "data.allow_untrained"}};

}  // namespace

FitChoice::FitChoice(NewRunPlan& plan, QWidget* parent)
    : QWidget(parent),
      plan_(plan),
      leave_(child<LeaveChoice>(std::array{QStringLiteral("--set data.allow_cut=true"),
                                           QStringLiteral("--set data.allow_untrained=true")},
                                this)),
      look_(child<QPushButton>(this)) {
  look_->setObjectName(QStringLiteral("lookAtSamples"));
  auto* row = child<QHBoxLayout>(this);
  row->setContentsMargins(0, 0, 0, 0);
  row->addWidget(leave_, 1);
  row->addWidget(look_);
  connect(leave_, &LeaveChoice::decided, this, &FitChoice::decide);
  connect(look_, &QPushButton::clicked, this, [this] { openSamples(plan_, this); });
  retranslate();
}

void FitChoice::showPlan() {
  const ConfigDraft& draft = plan_.check().draft;
  for (const Key& key : kKeys) {
    const bool isGiven = plan_.draft().text(QLatin1String(key.name)) == QLatin1String("true");
    const bool isAsked =
        std::any_of(draft.issues.begin(), draft.issues.end(),
                    [&](const ConfigIssue& issue) { return issue.key == key.name; });
    leave_->offer(key.leave, isGiven || isAsked);
    leave_->setGiven(key.leave, isGiven);
  }
  setVisible(hasSamples(plan_));
}

void FitChoice::decide() {
  for (const Key& key : kKeys) {
    const QString name = QLatin1String(key.name);
    if (leave_->isGiven(key.leave) == plan_.draft().isSet(name)) continue;
    if (leave_->isGiven(key.leave))
      plan_.draft().set(name, QStringLiteral("true"));
    else
      plan_.draft().reset(name);
  }
}

void FitChoice::retranslate() { look_->setText(tr("Look at the samples…")); }

void FitChoice::changeEvent(QEvent* event) {
  if (event->type() == QEvent::LanguageChange) retranslate();
  QWidget::changeEvent(event);
}

}  // namespace z2::ui
