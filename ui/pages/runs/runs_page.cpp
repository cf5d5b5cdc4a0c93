#include "ui/pages/runs/runs_page.h"

#include <QAction>
#include <QCheckBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSplitter>
#include <QStackedWidget>
#include <QVBoxLayout>

#include "ui/base/child.h"
#include "ui/base/text.h"
#include "ui/models/run_filter_model.h"
#include "ui/models/run_table_model.h"
#include "ui/pages/runs/import_menu.h"
#include "ui/pages/runs/run_pane.h"
#include "ui/pages/runs/run_table.h"
#include "ui/theme/theme.h"
#include "ui/widgets/empty_state.h"
#include "ui/widgets/icon.h"

namespace z2::ui {

namespace {

constexpr int kSearchWidth = 280;
constexpr int kWidthForPane = 900;  // of the page

const QString kSplitterKey = QStringLiteral("runs/splitter");

}  // namespace

RunsPage::RunsPage(Workbench& workbench, QWidget* parent)
    : Page(workbench, parent),
      runs_(child<RunTableModel>(workbench.runs(), this)),
      filter_(child<RunFilterModel>(*runs_, this)),
      stack_(child<QStackedWidget>(inside())),
      splitter_(child<QSplitter>(stack_)),
      left_(child<QWidget>(splitter_)),
      tables_(child<QStackedWidget>(left_)),
      table_(child<RunTable>(workbench, *runs_, *filter_, tables_)),
      right_(child<QWidget>(splitter_)),
      search_(child<QLineEdit>(this)),
      compare_(child<QPushButton>(this)),
      import_(child<QPushButton>(this)),
      importMenu_(child<ImportMenu>(workbench, import_)),
      new_(child<QPushButton>(this)),
      archived_(child<QCheckBox>(left_)),
      count_(child<QLabel>(left_)) {
  layFrame();
  connectFrame();
  showState();
  parts().add([this] { makePane(); });
  parts().add([this] { makeEmpty(); });
}

void RunsPage::layFrame() {
  search_->setProperty("role", QStringLiteral("search"));
  search_->setFixedWidth(kSearchWidth);
  search_->addAction(lineIcon(QStringLiteral("search")), QLineEdit::LeadingPosition);
  new_->setProperty("role", QStringLiteral("primary"));
  import_->setObjectName(QStringLiteral("runImport"));
  import_->setMenu(importMenu_);
  addToHeader(search_);
  addToHeader(compare_);
  addToHeader(import_);
  addToHeader(new_);
  count_->setProperty("role", QStringLiteral("secondary"));
  auto* column = child<QVBoxLayout>(left_);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(spacing::kGrid);
  tables_->addWidget(table_);
  column->addWidget(tables_, 1);
  auto* foot = child<QHBoxLayout>();
  foot->addWidget(count_);
  foot->addStretch();
  foot->addWidget(archived_);
  column->addLayout(foot);
  splitter_->addWidget(left_);
  splitter_->addWidget(right_);
  auto* beside = child<QVBoxLayout>(right_);
  beside->setContentsMargins(0, 0, 0, 0);
  right_->setMinimumWidth(RunPane::kLeastWidth);
  splitter_->setStretchFactor(0, 1);
  splitter_->setChildrenCollapsible(false);
  splitter_->setHandleWidth(spacing::kPage);
  splitter_->setSizes({824, 252});
  splitter_->restoreState(workbench().settings().value(kSplitterKey).toByteArray());
  stack_->addWidget(splitter_);
  body()->addWidget(stack_);
  // As one reads: what is above the table, the table or what stands for it, what is beside it.
  QWidget* before = search_;
  for (QWidget* next : std::initializer_list<QWidget*>{compare_, import_, new_, table_}) {
    setTabOrder(before, next);
    before = next;
  }
}

void RunsPage::makePane() {
  details_ = child<RunPane>(workbench(), right_);
  right_->layout()->addWidget(details_);
  details_->retranslate();
  showSelection();
}

void RunsPage::makeEmpty() {
  empty_ = child<EmptyState>(QStringLiteral("runs"), stack_);
  stack_->addWidget(empty_);
  noMatch_ = child<EmptyState>(QStringLiteral("search"), tables_);
  tables_->addWidget(noMatch_);
  setTabOrder(search_, noMatch_->primary());
  search_->setClearButtonEnabled(true);  // seen with a text; its sign is looked for on the disk
  connect(noMatch_, &EmptyState::chosen, search_, &QLineEdit::clear);
  DemoService& demo = workbench().demo();
  connect(empty_, &EmptyState::chosen, &demo, &DemoService::start);
  connect(empty_, &EmptyState::otherChosen, this, [this] { workbench().open(PageId::kNewRun); });
  connect(&demo, &DemoService::changed, this, &RunsPage::showEmpty);
  sayEmpty();
  showState();
}

void RunsPage::connectFrame() {
  connect(search_, &QLineEdit::textChanged, this, &RunsPage::applySearch);
  connect(new_, &QPushButton::clicked, this, [this] { workbench().open(PageId::kNewRun); });
  connect(compare_, &QPushButton::clicked, this, &RunsPage::compare);
  connect(archived_, &QCheckBox::toggled, this, [this](bool shows) {
    filter_->setShowsArchived(shows);
    showState();
  });
  connect(&workbench().demo(), &DemoService::runAppeared, this, [this](const QString& name) {
    if (isVisible()) workbench().open(PageId::kRun, {name});
  });
  connect(runs_, &RunTableModel::marksChanged, this, &RunsPage::showState);
  connect(table_, &RunTable::selectionMoved, this, &RunsPage::showSelection);
  connect(&workbench().runs(), &RunWatcher::changed, this, &RunsPage::showState);
  connect(splitter_, &QSplitter::splitterMoved, this,
          [this] { workbench().settings().setValue(kSplitterKey, splitter_->saveState()); });
}

void RunsPage::select(const QStringList& names) {
  wanted_ = names;
  showState();
}

bool RunsPage::isSettled() const {
  return Page::isSettled() && workbench().runs().hasLooked() && details_->isSettled();
}

void RunsPage::showState() {
  const bool isKnown = workbench().runs().hasLooked() && empty_ != nullptr;
  const bool isEmpty = isKnown && runs_->rowCount() == 0;
  const bool hasMatches = filter_->rowCount() > 0 || !isKnown;
  stack_->setCurrentWidget(isEmpty ? static_cast<QWidget*>(empty_) : splitter_);
  for (QWidget* widget : {static_cast<QWidget*>(search_), static_cast<QWidget*>(compare_)})
    widget->setVisible(!isEmpty);
  tables_->setCurrentWidget(hasMatches ? static_cast<QWidget*>(table_) : noMatch_);
  // What is hidden cannot take the keys.
  setFocusProxy(isEmpty ? empty_->primary() : hasMatches ? static_cast<QWidget*>(table_) : search_);
  const int archived = filter_->archivedCount();
  archived_->setVisible(archived > 0);
  archived_->setText(tr("Show archived (%1)").arg(archived));
  count_->setText(filter_->rowCount() == runs_->rowCount()
                      ? tr("%n runs", nullptr, runs_->rowCount())
                      : tr("%1 of %2 runs", nullptr, runs_->rowCount())
                            .arg(filter_->rowCount())
                            .arg(runs_->rowCount()));
  const auto marked = runs_->marked().size();
  compare_->setEnabled(marked > 0);
  compare_->setText(marked > 0 ? tr("Compare (%1)").arg(marked) : tr("Compare"));
  if (runs_->rowCount() == 0) return;
  table_->choose(std::exchange(wanted_, {}));
}

void RunsPage::resizeEvent(QResizeEvent* event) {
  // A narrow window has room for the table alone; Enter opens the run.
  right_->setVisible(width() >= kWidthForPane);
  Page::resizeEvent(event);
}

void RunsPage::showSelection() {
  const QStringList names = table_->selected();
  if (details_ == nullptr) return;
  details_->setRun(names.contains(table_->current()) ? table_->current() : names.value(0));
}

void RunsPage::applySearch(const QString& text) {
  const bool isValid = filter_->setFilter(text);
  search_->setProperty("invalid", !isValid);
  search_->setToolTip(isValid ? tr("Words of name, tag, task or state; /…/ is a regular expression")
                              : tr("This regular expression is not complete"));
  search_->setStyleSheet(search_->styleSheet());  // reads the property again
  showState();
}

void RunsPage::compare() {
  if (!runs_->marked().isEmpty()) workbench().open(PageId::kCompare, runs_->marked());
}

void RunsPage::showEmpty() {
  if (const Job* job = workbench().demo().job()) {
    empty_->setTexts(
        tr("The demo is on its way"),
        tr("Its tokenizer and its data come first; then its run opens here with live curves. You "
           "may close this window: it goes on without it."),
        {}, job->state == Job::State::kCancelling ? QString() : tr("New run"));
    return;
  }
  empty_->setTexts(
      tr("No runs yet"),
      tr("A run is one training of a model. See one from beginning to end: the demo trains a "
         "tokenizer and a model of 10 million parameters on text that this computer has, and lets "
         "it write."),
      tr("Train the demo (about %1 on this computer)").arg(duration(DemoService::usualSeconds())),
      tr("New run"));
}

void RunsPage::sayEmpty() {
  showEmpty();
  noMatch_->setTexts(tr("No run matches"),
                     tr("No run has these words in its name, tags, task or state."),
                     tr("Clear the search"));
}

void RunsPage::retranslate() {
  setTitle(tr("Runs"));
  search_->setPlaceholderText(tr("Search name, tag, state"));
  search_->setAccessibleName(tr("Search runs"));
  new_->setText(tr("New run"));
  import_->setText(tr("Import"));
  importMenu_->retranslate();
  import_->setToolTip(tr("A run of another program, to watch and compare beside yours"));
  compare_->setToolTip(tr("Mark runs with the box before their name, or with Space"));
  table_->setAccessibleName(tr("Runs"));
  if (empty_ != nullptr) sayEmpty();
  runs_->retranslate();
  if (details_ != nullptr) details_->retranslate();
  applySearch(search_->text());
  showState();
}

}  // namespace z2::ui
