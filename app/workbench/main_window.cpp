#include "app/workbench/main_window.h"

#include <array>

#include <QCloseEvent>
#include <QHBoxLayout>
#include <QListWidget>
#include <QStackedWidget>

#include "app/workbench/page_factory.h"
#include "ui/base/child.h"
#include "ui/theme/theme.h"

namespace z2::ui {

namespace {

// The places at the left, in their order; pages that are reached from others are not among them.
constexpr std::array kPlaces = {PageId::kRuns};

}  // namespace

MainWindow::MainWindow(Workbench& workbench)
    : workbench_(workbench),
      places_(child<QListWidget>(this)),
      stack_(child<QStackedWidget>(this)) {
  auto* middle = child<QWidget>(this);
  auto* row = child<QHBoxLayout>(middle);
  row->setContentsMargins(0, 0, 0, 0);
  row->setSpacing(0);
  places_->setObjectName(QStringLiteral("places"));
  places_->setFixedWidth(160);
  for (const PageId place : kPlaces) {
    auto* item = std::make_unique<QListWidgetItem>(places_).release();
    item->setData(Qt::UserRole, static_cast<int>(place));
  }
  row->addWidget(places_);
  row->addWidget(stack_, 1);
  setCentralWidget(middle);
  connect(places_, &QListWidget::currentItemChanged, this, [this](QListWidgetItem* item) {
    if (item != nullptr) showPage(static_cast<PageId>(item->data(Qt::UserRole).toInt()));
  });
  connect(&workbench_, &Workbench::opened, this, &MainWindow::showPage);
  retranslate();
  resize(1280, 800);
  restoreGeometry(workbench_.settings().value(QStringLiteral("window/geometry")).toByteArray());
}

Page* MainWindow::pageFor(PageId id) {
  Page*& page = pages_[id];
  if (page == nullptr) {
    page = makePage(id, workbench_, stack_);
    stack_->addWidget(page);
  }
  return page;
}

void MainWindow::showPage(PageId id, const QStringList& selection) {
  Page* page = pageFor(id);
  current_ = id;
  stack_->setCurrentWidget(page);
  if (!selection.isEmpty()) page->select(selection);
  const QSignalBlocker quiet(places_);
  places_->setCurrentRow(-1);
  for (int row = 0; row < places_->count(); ++row)
    if (places_->item(row)->data(Qt::UserRole).toInt() == static_cast<int>(id))
      places_->setCurrentRow(row);
}

bool MainWindow::isSettled() const {
  const auto* page = qobject_cast<Page*>(stack_->currentWidget());
  return page != nullptr && page->isSettled();
}

void MainWindow::changeEvent(QEvent* event) {
  if (event->type() == QEvent::LanguageChange) retranslate();
  QMainWindow::changeEvent(event);
}

void MainWindow::closeEvent(QCloseEvent* event) {
  workbench_.settings().setValue(QStringLiteral("window/geometry"), saveGeometry());
  QMainWindow::closeEvent(event);
}

void MainWindow::retranslate() {
  setWindowTitle(tr("Zero2All Workbench"));
  places_->setAccessibleName(tr("Places"));
  const QStringList names = {tr("Runs")};
  for (int row = 0; row < places_->count(); ++row) places_->item(row)->setText(names.at(row));
}

}  // namespace z2::ui
