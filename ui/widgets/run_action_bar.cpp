#include "ui/widgets/run_action_bar.h"

#include <QAction>
#include <QEvent>
#include <QHBoxLayout>
#include <QLocale>
#include <QMenu>
#include <QMessageBox>

#include "ui/base/child.h"
#include "ui/base/plural.h"
#include "ui/base/text.h"
#include "ui/services/workbench.h"
#include "ui/theme/theme.h"
#include "ui/widgets/action_button.h"
#include "ui/widgets/extend_dialog.h"
#include "ui/widgets/fork_dialog.h"
#include "ui/widgets/icon.h"

namespace z2::ui {

namespace {

void offer(QAction* action, bool isVisible, bool isEnabled, const QString& tip) {
  action->setVisible(isVisible);
  action->setEnabled(isEnabled);
  action->setToolTip(tip);
}

// Where one tries what a run has made.
PageId placeToTry(const RunSummary& run) {
  return run.task == QLatin1String("pretrain") ? PageId::kModels : PageId::kChat;
}

}  // namespace

RunActionBar::RunActionBar(Workbench& workbench, QWidget* parent, Size size)
    : QWidget(parent),
      workbench_(workbench),
      try_(makeAction("try", "primary")),
      begin_(makeAction("begin", "primary")),
      queue_(makeAction("queue", "")),
      leave_(makeAction("leave", "")),
      stop_(makeAction("stop", "")),
      stopNow_(makeAction("stop-now", "danger")),
      extend_(makeAction("extend", "")),
      fork_(makeAction("fork", "")) {
  auto* row = child<QHBoxLayout>(this);
  row->setContentsMargins(0, 0, 0, 0);
  row->setSpacing(spacing::kGrid);
  QMenu* menu = size == Size::kCompact ? child<QMenu>(this) : nullptr;
  for (QAction* action : {try_, begin_, stop_, queue_, leave_, stopNow_, extend_, fork_}) {
    const bool isFirst = action == try_ || action == begin_ || action == stop_;
    if (menu != nullptr && !isFirst) {
      menu->addAction(action);
      continue;
    }
    auto* button = child<ActionButton>(*action, this);
    button->setObjectName(action->objectName());
    row->addWidget(button);
  }
  if (menu != nullptr) {
    menu->setToolTipsVisible(true);
    more_ = child<QPushButton>(this);
    more_->setObjectName(QStringLiteral("more"));
    more_->setMenu(menu);
    row->addWidget(more_);
  }
  connectActions();
  showState();
}

QAction* RunActionBar::makeAction(const char* name, const char* role) {
  auto* action = child<QAction>(this);
  action->setObjectName(QLatin1String(name));
  action->setProperty("role", QString::fromLatin1(role));
  return action;
}

void RunActionBar::connectActions() {
  RunActions& actions = workbench_.actions();
  connect(begin_, &QAction::triggered, this, [this, &actions] {
    const RunSummary* run = workbench_.runs().find(run_);
    if (run == nullptr) return;
    if (run->report.status.state == RunState::kQueued)
      actions.startNow(run_);
    else if (run->report.status.state == RunState::kCreated)
      actions.start(run_);
    else
      actions.resume(run_);
  });
  connect(try_, &QAction::triggered, this, &RunActionBar::tryIt);
  connect(queue_, &QAction::triggered, this, [this, &actions] { actions.enqueue(run_); });
  connect(leave_, &QAction::triggered, this, [this, &actions] { actions.leaveQueue(run_); });
  connect(stop_, &QAction::triggered, this, [this, &actions] { actions.stop(run_); });
  connect(stopNow_, &QAction::triggered, this, [this] { confirmStopNow(); });
  connect(extend_, &QAction::triggered, this, [this] { askExtension(); });
  connect(fork_, &QAction::triggered, this, [this] { askFork(); });
  connect(&workbench_.runs(), &RunWatcher::changed, this, [this] { showState(); });
  const auto changed = [this](const QString& run) {
    if (run == run_) showState();
  };
  connect(&actions, &RunActions::started, this, changed);
  connect(&actions, &RunActions::finished, this, changed);
  connect(&actions, &RunActions::failed, this, changed);
}

void RunActionBar::setRun(const QString& name) {
  run_ = name;
  showState();
}

void RunActionBar::changeEvent(QEvent* event) {
  if (event->type() == QEvent::LanguageChange) showState();
  QWidget::changeEvent(event);
}

void RunActionBar::showState() {
  try_->setText(tr("Try it"));
  queue_->setText(tr("Queue"));
  leave_->setText(tr("Leave the queue"));
  stop_->setText(tr("Stop and save"));
  stopNow_->setText(tr("Stop now…"));
  extend_->setText(tr("Extend…"));
  fork_->setText(tr("Fork…"));
  const RunSummary* run = workbench_.runs().find(run_);
  const bool isThere = run != nullptr && run->problem.isEmpty();
  if (more_ != nullptr) {
    more_->setText(tr("More"));
    more_->setVisible(isThere);
  }
  if (!isThere) {
    for (QAction* action : {try_, begin_, queue_, leave_, stop_, stopNow_, extend_, fork_})
      offer(action, false, false, {});
    return;
  }
  if (isActive(run->report.status.state))
    showAtWork(*run);
  else
    showAtRest(*run);
  showOthers(*run);
  if (!run->report.importedFormat.empty()) showImported();
  showBusy(*run);
}

void RunActionBar::showAtWork(const RunSummary& run) {
  const bool isQueued = run.report.status.state == RunState::kQueued;
  offer(try_, false, false, {});
  begin_->setText(tr("Start now"));
  offer(begin_, isQueued, true, tr("Starts it beside what is at work; both become slower"));
  offer(queue_, false, false, {});
  offer(leave_, isQueued, true, tr("It waits no longer; nothing of it is lost"));
  offer(stop_, !isQueued, true, tr("It finishes its step, saves a checkpoint and ends"));
  offer(stopNow_, !isQueued, true,
        tr("It ends at once; the steps since its last checkpoint are lost"));
}

void RunActionBar::showAtRest(const RunSummary& run) {
  const bool isNew = run.report.status.state == RunState::kCreated;
  showBegin(run);
  showTry(run);
  offer(queue_, begin_->isEnabled(), true,
        isNew ? tr("Starts as soon as no other run of this workspace is at work")
              : tr("Goes on as soon as no other run of this workspace is at work"));
  for (QAction* action : {leave_, stop_, stopNow_}) offer(action, false, false, {});
}

void RunActionBar::showBegin(const RunSummary& run) {
  const RunStatus& status = run.report.status;
  if (status.state == RunState::kCreated) {
    begin_->setText(tr("Start"));
    offer(begin_, true, true, tr("It goes on when this window is closed"));
  } else if (status.state == RunState::kFinished && !run.report.isResumable) {
    offer(begin_, false, false, {});  // nothing is left to do; Extend lets it go on
  } else {
    begin_->setText(run.report.lastCheckpoint
                        ? tr("Resume from step %1").arg(number(*run.report.lastCheckpoint))
                        : tr("Start again"));
    offer(begin_, true, true,
          run.report.lastCheckpoint
              ? tr("The checkpoint is verified first; the curve goes on where it was saved")
              : tr("There is no checkpoint yet, so it begins at step 1"));
  }
}

// What a finished run is for.
void RunActionBar::showTry(const RunSummary& run) {
  const bool isDone =
      run.report.status.state == RunState::kFinished && run.report.lastCheckpoint.has_value();
  offer(try_, isDone, isDone,
        placeToTry(run) == PageId::kChat
            ? tr("Talks with its newest checkpoint on the Chat page")
            : tr("Lets its newest checkpoint write, on the Models page"));
}

void RunActionBar::tryIt() {
  const RunSummary* run = workbench_.runs().find(run_);
  if (run == nullptr || !run->report.lastCheckpoint) return;
  workbench_.open(placeToTry(*run),
                  {run_ + QStringLiteral("/step_%1").arg(*run->report.lastCheckpoint)});
}

void RunActionBar::showOthers(const RunSummary& run) {
  const RunStatus& status = run.report.status;
  const bool isNew = status.state == RunState::kCreated;
  const bool isAtWork = isActive(status.state);
  QString tip = tr("Adds steps and goes on from the last checkpoint");
  if (isAtWork) tip = tr("Stop it first: a run is extended while it rests");
  if (isNew) tip = tr("It has not begun; Start comes first");
  offer(extend_, true, !isAtWork && !isNew, tip);
  offer(fork_, true, run.report.lastCheckpoint.has_value(),
        run.report.lastCheckpoint ? tr("A new run that begins with the weights of a checkpoint")
                                  : tr("It has no checkpoint yet to begin from"));
}

void RunActionBar::showImported() {
  const QString tip = tr("It was imported: there is no checkpoint to go on from");
  for (QAction* action : {try_, begin_, queue_}) offer(action, false, false, tip);
  for (QAction* action : {extend_, fork_}) offer(action, true, false, tip);
}

void RunActionBar::showBusy(const RunSummary& run) {
  const auto kind = workbench_.actions().current(run.name);
  if (!kind) return;
  using enum RunActions::Kind;
  const QString tip = tr("Something is being done with this run already");
  for (QAction* action : {begin_, queue_, leave_, stop_, extend_, fork_}) {
    action->setEnabled(false);
    action->setToolTip(tip);
  }
  if (*kind != kStop) stopNow_->setEnabled(false);
  if (*kind == kStart || *kind == kQueue) begin_->setText(tr("Starting…"));
  if (*kind == kResume || *kind == kExtend) begin_->setText(tr("Verifying and starting…"));
  if (*kind == kStop || *kind == kStopNow) stop_->setText(tr("Stopping…"));
}

void RunActionBar::confirmStopNow() {
  const RunSummary* run = workbench_.runs().find(run_);
  if (run == nullptr) return;
  const int64_t step = run->report.status.step;
  const int64_t lost = step - run->report.lastCheckpoint.value_or(0);
  auto* question = child<QMessageBox>(window());
  question->setObjectName(QStringLiteral("confirm-stop-now"));
  question->setAttribute(Qt::WA_DeleteOnClose);
  question->setIconPixmap(lineIcon(QStringLiteral("warning"), IconTone::kWarning)
                              .pixmap(QSize(32, 32), devicePixelRatioF()));
  question->setText(tr("Stop %1 now?").arg(run->title));
  QString loss = tr("The %1 steps since the last checkpoint are lost.", nullptr, pluralOf(lost))
                     .arg(number(lost));
  if (!run->report.lastCheckpoint)
    loss = tr("All %1 steps are lost: there is no checkpoint yet.", nullptr, pluralOf(step))
               .arg(number(step));
  if (lost <= 0) loss = tr("The step that is under way is lost.");
  question->setInformativeText(loss + QLatin1Char(' ') +
                               tr("“Stop and save” ends it without any loss."));
  auto* stop = question->addButton(tr("Stop now"), QMessageBox::DestructiveRole);
  question->setDefaultButton(question->addButton(QMessageBox::Cancel));
  connect(stop, &QAbstractButton::clicked, this,
          [this, name = run_] { workbench_.actions().stopNow(name); });
  question->open();
}

void RunActionBar::askExtension() {
  const RunSummary* run = workbench_.runs().find(run_);
  if (run == nullptr) return;
  auto* dialog = child<ExtendDialog>(run->title, run->report.status.steps, window());
  connect(dialog, &ExtendDialog::chosen, this,
          [this, name = run_](int64_t more) { workbench_.actions().extend(name, more); });
  dialog->open();
}

void RunActionBar::askFork() {
  if (workbench_.runs().find(run_) == nullptr) return;
  child<ForkDialog>(workbench_, run_, std::nullopt, window())->open();
}

}  // namespace z2::ui
