#include "app/workbench/main_window.h"

#include <QCloseEvent>
#include <QHBoxLayout>
#include <QShortcut>
#include <QStackedWidget>
#include <QVBoxLayout>

#include "app/workbench/job_bar.h"
#include "app/workbench/page_factory.h"
#include "app/workbench/sidebar.h"
#include "app/workbench/status_line.h"
#include "ui/base/child.h"
#include "ui/base/text.h"
#include "ui/theme/theme.h"
#include "ui/widgets/notice_banner.h"

namespace z2::ui {

namespace {

constexpr int kMinimumWidth = 900;
constexpr int kMinimumHeight = 560;

const QString kGeometryKey = QStringLiteral("window/geometry");

}  // namespace

MainWindow::MainWindow(Workbench& workbench)
    : workbench_(workbench),
      middle_(child<QWidget>(this)),
      sidebar_(child<Sidebar>(pathText(workbench.workspace().folder()), middle_)),
      banner_(child<NoticeBanner>(middle_)),
      stack_(child<QStackedWidget>(middle_)) {
  lay();
  bindKeys();
  connect(sidebar_, &Sidebar::chosen, this, [this](PageId page) { showPage(page); });
  connect(&workbench_, &Workbench::opened, this, &MainWindow::showPage);
  connect(&workbench_, &Workbench::noticed, banner_, &NoticeBanner::show);
  retranslate();
  setMinimumSize(kMinimumWidth, kMinimumHeight);
  resize(1280, 800);
  restoreGeometry(workbench_.settings().value(kGeometryKey).toByteArray());
}

void MainWindow::lay() {
  auto* row = child<QHBoxLayout>(middle_);
  auto* column = child<QVBoxLayout>();
  for (QBoxLayout* layout : {static_cast<QBoxLayout*>(row), static_cast<QBoxLayout*>(column)}) {
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
  }
  row->addWidget(sidebar_);
  row->addLayout(column, 1);
  column->addWidget(banner_);
  column->addWidget(stack_, 1);
  column->addWidget(child<JobBar>(workbench_.jobs(), middle_));
  column->addWidget(child<StatusLine>(workbench_, middle_));
  setCentralWidget(middle_);
}

void MainWindow::bindKeys() {
  int number = 0;
  for (const Place& place : places()) {
    if (place.icon == nullptr || ++number > 9) continue;
    const QKeySequence keys(QStringLiteral("Ctrl+%1").arg(number));
    auto* key = child<QShortcut>(keys, this);
    connect(key, &QShortcut::activated, this, [this, id = place.id] { showPage(id); });
  }
  for (const Shortcut& shortcut : shortcuts()) {
    if (!shortcut.isOfFrame) continue;
    auto* key = child<QShortcut>(QKeySequence(QLatin1String(shortcut.keys)), this);
    connect(key, &QShortcut::activated, this,
            [this, command = shortcut.command] { perform(command); });
  }
}

void MainWindow::perform(Command command) {
  switch (command) {
    case Command::kNewRun:
      return showPage(PageId::kNewRun);
    case Command::kShortcuts:
      return showPage(PageId::kSettings, {QStringLiteral("shortcuts")});
    case Command::kDismiss:
      return banner_->dismiss();
    case Command::kRefresh:
      if (Page* page = shownPage()) page->refresh();
      return;
    case Command::kFind:
      if (Page* page = shownPage()) page->focusSearch();
      return;
  }
}

Page* MainWindow::pageFor(PageId id) {
  const Place* place = placeOf(id);
  if (place == nullptr) return nullptr;
  Page*& page = pages_[id];
  if (page == nullptr) {
    page = place->make(workbench_, stack_);
    stack_->addWidget(page);
  }
  return page;
}

Page* MainWindow::shownPage() const { return qobject_cast<Page*>(stack_->currentWidget()); }

void MainWindow::showPage(PageId id, const QStringList& selection) {
  Page* page = pageFor(id);
  if (page == nullptr) return sidebar_->setCurrent(current_);
  current_ = id;
  stack_->setCurrentWidget(page);
  // The keys are the page's now, unless the user walks along the places.
  if (!sidebar_->isAncestorOf(focusWidget())) page->setFocus(Qt::OtherFocusReason);
  if (!selection.isEmpty()) page->select(selection);
  sidebar_->setCurrent(id);
}

bool MainWindow::isSettled() const {
  const Page* page = shownPage();
  return page != nullptr && page->isSettled();
}

void MainWindow::changeEvent(QEvent* event) {
  if (event->type() == QEvent::LanguageChange) retranslate();
  QMainWindow::changeEvent(event);
}

void MainWindow::closeEvent(QCloseEvent* event) {
  workbench_.settings().setValue(kGeometryKey, saveGeometry());
  QMainWindow::closeEvent(event);
}

// A page hands the keys on to the part that is used most. On the way of Tab that would be a jump
// over all that stands before this part, and Tab would never come there.
bool MainWindow::focusNextPrevChild(bool next) {
  Page* page = shownPage();
  QWidget* first = page != nullptr ? page->focusProxy() : nullptr;
  if (first == nullptr) return QMainWindow::focusNextPrevChild(next);
  page->setFocusProxy(nullptr);
  const bool hasMoved = QMainWindow::focusNextPrevChild(next);
  page->setFocusProxy(first);
  return hasMoved;
}

void MainWindow::retranslate() {
  setWindowTitle(tr("Zero2All Workbench"));
  sidebar_->retranslate();
}

}  // namespace z2::ui
