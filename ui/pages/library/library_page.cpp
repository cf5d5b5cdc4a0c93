#include "ui/pages/library/library_page.h"

#include <QLabel>
#include <QScrollArea>
#include <QSplitter>
#include <QStackedWidget>
#include <QTabWidget>
#include <QVBoxLayout>

#include "ui/base/child.h"
#include "ui/base/core_words.h"
#include "ui/base/tab_parent.h"
#include "ui/base/text.h"
#include "ui/pages/library/entry_list.h"
#include "ui/services/job_notices.h"
#include "ui/theme/theme.h"
#include "ui/widgets/empty_state.h"

namespace z2::ui {

LibraryPage::LibraryPage(Workbench& workbench, const QString& icon, const QString& names,
                         QWidget* parent)
    : Page(workbench, parent),
      views_(child<QStackedWidget>(inside())),
      empty_(child<EmptyState>(icon, views_)) {
  auto* splitter = child<QSplitter>(views_);
  list_ = child<EntryList>(splitter);
  list_->setObjectName(names + QStringLiteral("List"));
  auto* detail = child<QWidget>(splitter);
  auto* column = child<QVBoxLayout>(detail);
  column->setContentsMargins(spacing::kGrid, 0, 0, 0);
  problem_ = child<QLabel>(detail);
  problem_->setWordWrap(true);
  problem_->setAlignment(Qt::AlignTop | Qt::AlignLeft);
  tabs_ = child<QTabWidget>(detail);
  tabs_->setObjectName(names + QStringLiteral("Tabs"));
  column->addWidget(problem_, 1);
  column->addWidget(tabs_, 1);
  splitter->addWidget(list_);
  splitter->addWidget(detail);
  splitter->setStretchFactor(0, 0);
  splitter->setStretchFactor(1, 1);
  splitter->setSizes({300, 760});
  splitter->setChildrenCollapsible(false);
  views_->addWidget(empty_);
  views_->addWidget(splitter);
  views_->setCurrentIndex(kLibrary);  // until it is known that there is nothing
  body()->addWidget(views_, 1);
  connect(list_, &EntryList::currentKeyChanged, this, [this] { showCurrent(); });
}

void LibraryPage::select(const QStringList& names) {
  wanted_ = names.value(0);
  if (list_->setCurrentKey(wanted_)) wanted_.clear();
}

void LibraryPage::showEvent(QShowEvent* event) {
  Page::showEvent(event);
  reload();
}

void LibraryPage::setEntries(const QList<Entry>& entries) {
  list_->setEntries(entries);
  if (!wanted_.isEmpty() && list_->setCurrentKey(wanted_)) wanted_.clear();
  if (views_->currentIndex() != kForm) leaveForm();
  showCurrent();
}

QString LibraryPage::currentKey() const { return list_->currentKey(); }

void LibraryPage::showProblem(const QString& problem) {
  tabs_->setVisible(problem.isEmpty());
  problem_->setVisible(!problem.isEmpty());
  problem_->setText(coreText(toUtf8(problem)));
}

void LibraryPage::showView(View view) {
  views_->setCurrentIndex(view);
  viewChanged(view);
}

LibraryPage::View LibraryPage::view() const { return static_cast<View>(views_->currentIndex()); }

void LibraryPage::leaveForm() {
  showView(list_->entries().entries().isEmpty() ? kEmpty : kLibrary);
}

void LibraryPage::addForm(QWidget* form) { views_->addWidget(form); }

QWidget* LibraryPage::formParent() const { return views_; }

void LibraryPage::follow(const QString& jobKind, bool isListed) {
  connect(&workbench().jobs(), &JobService::finished, this, [=, this](const QString& id) {
    const Job* job = workbench().jobs().find(id);
    if (job == nullptr || job->kind != jobKind || job->state != Job::State::kFinished) return;
    if (isListed) want(productOf(*job));
    reload();
  });
}

QWidget* LibraryPage::addTab() {
  auto* tab = child<QWidget>(tabParent(*tabs_));
  auto* column = child<QVBoxLayout>(tab);
  column->setContentsMargins(0, 0, 0, 0);
  tabs_->addTab(tab, QString());
  return tab;
}

QVBoxLayout* LibraryPage::scrolled(QWidget* tab) {
  auto* scroll = child<QScrollArea>(tab);
  auto* frame = child<QWidget>(scroll->viewport());
  auto* column = child<QVBoxLayout>(frame);
  column->setContentsMargins(0, spacing::kPage, 0, 0);
  scroll->setWidgetResizable(true);
  scroll->setAccessibleName(tr("Details"));
  scroll->setWidget(frame);
  tab->layout()->addWidget(scroll);
  return column;
}

}  // namespace z2::ui
