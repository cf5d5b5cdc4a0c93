#include "ui/pages/queue/queue_page.h"

#include <algorithm>

#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QLocale>
#include <QPushButton>
#include <QShortcut>
#include <QTreeWidget>
#include <QVBoxLayout>

#include "core/supervise/run_queue.h"
#include "ui/base/background.h"
#include "ui/base/child.h"
#include "ui/base/text.h"
#include "ui/theme/theme.h"

namespace z2::ui {

namespace {

enum Column { kPlace, kName, kState, kSteps, kColumns };

bool isAtWork(const RunSummary& run) {
  return isActive(run.report.status.state) && run.report.status.state != RunState::kQueued;
}

}  // namespace

QueuePage::QueuePage(Workbench& workbench, QWidget* parent)
    : Page(workbench, parent),
      lead_(child<QLabel>(inside())),
      list_(child<QTreeWidget>(inside())),
      empty_(child<QWidget>(inside())),
      emptyText_(child<QLabel>(empty_)),
      emptyAction_(child<QPushButton>(empty_)),
      up_(child<QPushButton>(inside())),
      down_(child<QPushButton>(inside())),
      start_(child<QPushButton>(inside())),
      remove_(child<QPushButton>(inside())) {
  lead_->setProperty("role", QStringLiteral("secondary"));
  lead_->setWordWrap(true);
  body()->addWidget(lead_);
  list_->setObjectName(QStringLiteral("queue"));
  list_->setColumnCount(kColumns);
  list_->setRootIsDecorated(false);
  list_->setUniformRowHeights(true);
  list_->header()->setStretchLastSection(false);
  list_->header()->setSectionResizeMode(QHeaderView::ResizeToContents);
  list_->header()->setSectionResizeMode(kName, QHeaderView::Stretch);
  body()->addWidget(list_, 1);
  auto* middle = child<QVBoxLayout>(empty_);
  middle->addStretch();
  emptyText_->setAlignment(Qt::AlignCenter);
  emptyText_->setWordWrap(true);
  middle->addWidget(emptyText_);
  emptyAction_->setProperty("role", QStringLiteral("primary"));
  middle->addWidget(emptyAction_, 0, Qt::AlignHCenter);
  middle->addStretch();
  body()->addWidget(empty_, 1);
  addButtons();
  connect(emptyAction_, &QPushButton::clicked, this,
          [this] { this->workbench().open(PageId::kNewRun); });
  connect(list_, &QTreeWidget::currentItemChanged, this, [this] { showButtons(); });
  connect(list_, &QTreeWidget::itemActivated, this, [this](QTreeWidgetItem* item) {
    this->workbench().open(PageId::kRun, {item->data(kName, Qt::UserRole).toString()});
  });
  connect(&workbench.runs(), &RunWatcher::changed, this, [this] {
    if (isVisible()) look();
  });
  look();
}

void QueuePage::addButtons() {
  auto* row = child<QHBoxLayout>();
  row->setSpacing(spacing::kGrid);
  row->addWidget(up_);
  row->addWidget(down_);
  row->addStretch();
  row->addWidget(remove_);
  row->addWidget(start_);
  body()->addLayout(row);
  up_->setObjectName(QStringLiteral("up"));
  down_->setObjectName(QStringLiteral("down"));
  start_->setObjectName(QStringLiteral("start-now"));
  remove_->setObjectName(QStringLiteral("remove"));
  connect(up_, &QPushButton::clicked, this, [this] { move(-1); });
  connect(down_, &QPushButton::clicked, this, [this] { move(1); });
  connect(start_, &QPushButton::clicked, this,
          [this] { workbench().actions().startNow(chosen()); });
  connect(remove_, &QPushButton::clicked, this,
          [this] { workbench().actions().leaveQueue(chosen()); });
  const auto key = [this](const QKeySequence& keys, QPushButton* button) {
    connect(child<QShortcut>(keys, list_), &QShortcut::activated, button, &QPushButton::click);
  };
  key(QKeySequence(Qt::ALT | Qt::Key_Up), up_);
  key(QKeySequence(Qt::ALT | Qt::Key_Down), down_);
  key(QKeySequence(Qt::Key_Delete), remove_);
}

void QueuePage::select(const QStringList& names) {
  wanted_ = names.value(0);
  showQueue();
}

void QueuePage::showEvent(QShowEvent* event) {
  Page::showEvent(event);
  look();
}

bool QueuePage::isSettled() const {
  return hasLooked_ && !isLooking_ && workbench().runs().hasLooked();
}

void QueuePage::look() {
  isDue_ = true;
  if (isLooking_) return;
  isLooking_ = true;
  isDue_ = false;
  inBackground(
      this, [folder = workbench().workspace().runs()] { return queuedRuns(folder); },
      [this](const std::vector<std::string>& names) {
        isLooking_ = false;
        hasLooked_ = true;
        waiting_.clear();
        for (const std::string& name : names) waiting_.append(toQString(name));
        showQueue();
        if (isDue_) look();
      });
}

QString QueuePage::chosen() const {
  const QTreeWidgetItem* item = list_->currentItem();
  return item == nullptr ? QString() : item->data(kName, Qt::UserRole).toString();
}

void QueuePage::showQueue() {
  const QString before = wanted_.isEmpty() ? chosen() : wanted_;
  const QSignalBlocker quiet(list_);
  list_->clear();
  const auto add = [&](const QString& name, const QString& place, const QString& state) {
    const RunSummary* run = workbench().runs().find(name);
    auto* item = std::make_unique<QTreeWidgetItem>(list_).release();
    item->setText(kPlace, place);
    item->setText(kName, run != nullptr ? run->title : name);
    item->setData(kName, Qt::UserRole, name);
    item->setText(kState, state);
    item->setForeground(kState, place.isEmpty() ? colors().running : colors().waiting);
    if (run != nullptr)
      item->setText(
          kSteps,
          tr("%1 of %2").arg(number(run->report.status.step), number(run->report.status.steps)));
    item->setTextAlignment(kPlace, Qt::AlignRight | Qt::AlignVCenter);
    item->setTextAlignment(kSteps, Qt::AlignRight | Qt::AlignVCenter);
    if (name == before) {
      list_->setCurrentItem(item);
      wanted_.clear();
    }
  };
  for (const RunSummary& run : workbench().runs().runs())
    if (isAtWork(run)) add(run.name, {}, QStringLiteral("● ") + tr("at work"));
  int place = 0;
  for (const QString& name : waiting_)
    add(name, QString::number(++place), QStringLiteral("◔ ") + tr("waiting"));
  if (list_->currentItem() == nullptr && list_->topLevelItemCount() > 0)
    list_->setCurrentItem(list_->topLevelItem(list_->topLevelItemCount() - waiting_.size()));
  const bool isEmpty = list_->topLevelItemCount() == 0;
  list_->setVisible(!isEmpty);
  empty_->setVisible(isEmpty && hasLooked_);
  showButtons();
}

void QueuePage::showButtons() {
  const auto place = waiting_.indexOf(chosen());
  const bool isWaiting = place >= 0;
  const bool isBusy = workbench().actions().isBusy(chosen());
  const bool hasWaiting = !waiting_.isEmpty();
  for (QPushButton* button : {up_, down_, start_, remove_}) button->setVisible(hasWaiting);
  up_->setEnabled(place > 0);
  down_->setEnabled(isWaiting && place + 1 < waiting_.size());
  start_->setEnabled(isWaiting && !isBusy);
  remove_->setEnabled(isWaiting && !isBusy);
}

void QueuePage::move(int by) {
  const auto place = waiting_.indexOf(chosen());
  const auto to = place + by;
  if (place < 0 || to < 0 || to >= waiting_.size()) return;
  waiting_.move(place, to);
  std::vector<std::string> names;
  for (const QString& name : waiting_) names.push_back(toUtf8(name));
  showQueue();
  inBackground(
      this, [folder = workbench().workspace().runs(), names] { return orderQueue(folder, names); },
      [this](const Result<void>& done) {
        if (!done) workbench().notify(noticeOf(done.error(), tr("The order is as it was.")));
        look();
      });
}

void QueuePage::retranslate() {
  setTitle(tr("Queue"));
  lead_->setText(
      tr("Runs wait here for each other: the first one starts when no run of this "
         "workspace is at work. They wait on when this window is closed."));
  list_->setAccessibleName(tr("Queue"));
  list_->setHeaderLabels({tr("Place"), tr("Name"), tr("State"), tr("Steps")});
  for (const int column : {kPlace, kSteps})
    list_->headerItem()->setTextAlignment(column, Qt::AlignRight | Qt::AlignVCenter);
  emptyText_->setText(
      tr("No run waits. “Queue” in a new run, or beside a stopped one, lets it "
         "start after the others."));
  emptyAction_->setText(tr("New run"));
  up_->setText(tr("Move up"));
  down_->setText(tr("Move down"));
  up_->setToolTip(tr("Alt+Up"));
  down_->setToolTip(tr("Alt+Down"));
  start_->setText(tr("Start now"));
  start_->setToolTip(tr("Starts it beside what is at work; both become slower"));
  remove_->setText(tr("Leave the queue"));
  remove_->setToolTip(tr("It waits no longer; nothing of it is lost"));
  showQueue();
}

}  // namespace z2::ui
