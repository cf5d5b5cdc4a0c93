#include "ui/pages/runs/runs_page.h"

#include <QAction>
#include <QCheckBox>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QInputDialog>
#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QPushButton>
#include <QSplitter>
#include <QStackedWidget>
#include <QTableView>
#include <QVBoxLayout>

#include "ui/base/child.h"
#include "ui/base/text.h"
#include "ui/models/run_filter_model.h"
#include "ui/models/run_table_model.h"
#include "ui/pages/runs/import_menu.h"
#include "ui/pages/runs/run_edits.h"
#include "ui/pages/runs/run_pane.h"
#include "ui/theme/theme.h"
#include "ui/widgets/empty_state.h"
#include "ui/widgets/icon.h"
#include "ui/widgets/run_delegates.h"

namespace z2::ui {

namespace {

constexpr int kRowHeight = 36;
constexpr int kSearchWidth = 280;

const QString kHeaderKey = QStringLiteral("runs/header");
const QString kSplitterKey = QStringLiteral("runs/splitter");

// Together with the pane beside it, all of them fit a window of 1280.
int widthOf(int column) {
  switch (column) {
    case RunTableModel::kName:
      return 116;
    case RunTableModel::kState:
      return 86;
    case RunTableModel::kStep:
    case RunTableModel::kStarted:
      return 94;
    case RunTableModel::kTokensPerSecond:
      return 76;
    case RunTableModel::kTask:
    case RunTableModel::kMfu:
      return 70;
    case RunTableModel::kTags:
      return 44;
    default:
      return 58;
  }
}

}  // namespace

RunsPage::RunsPage(Workbench& workbench, QWidget* parent)
    : Page(workbench, parent),
      runs_(child<RunTableModel>(workbench.runs(), this)),
      filter_(child<RunFilterModel>(*runs_, this)),
      edits_(child<RunEdits>(workbench, this)),
      table_(child<QTableView>(this)),
      details_(child<RunPane>(workbench, this)),
      splitter_(child<QSplitter>(this)),
      empty_(child<EmptyState>(QStringLiteral("runs"), this)),
      noMatch_(child<EmptyState>(QStringLiteral("search"), this)),
      stack_(child<QStackedWidget>(this)),
      search_(child<QLineEdit>(this)),
      compare_(child<QPushButton>(this)),
      import_(child<QPushButton>(this)),
      importMenu_(child<ImportMenu>(workbench, import_)),
      new_(child<QPushButton>(this)),
      archived_(child<QCheckBox>(this)),
      count_(child<QLabel>(this)) {
  layTable();
  layFrame();
  connectParts();
  showState();
}

void RunsPage::layTable() {
  table_->setObjectName(QStringLiteral("runTable"));
  table_->setModel(filter_);
  table_->setSelectionBehavior(QAbstractItemView::SelectRows);
  table_->setSelectionMode(QAbstractItemView::ExtendedSelection);
  table_->setEditTriggers(QAbstractItemView::NoEditTriggers);
  table_->setSortingEnabled(true);
  table_->setShowGrid(false);
  table_->setWordWrap(false);
  table_->setTabKeyNavigation(false);
  table_->setHorizontalScrollMode(QAbstractItemView::ScrollPerPixel);
  table_->setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
  table_->setContextMenuPolicy(Qt::CustomContextMenu);
  table_->verticalHeader()->hide();
  table_->verticalHeader()->setDefaultSectionSize(kRowHeight);
  table_->setItemDelegateForColumn(RunTableModel::kState, child<StateDelegate>(this));
  table_->setItemDelegateForColumn(RunTableModel::kStep, child<StepDelegate>(this));
  table_->setItemDelegateForColumn(RunTableModel::kSpark, child<SparkDelegate>(this));
  table_->setItemDelegateForColumn(RunTableModel::kTags, child<TagsDelegate>(this));
  QHeaderView* header = table_->horizontalHeader();
  header->setHighlightSections(false);
  header->setSectionsMovable(true);
  header->setStretchLastSection(true);
  for (int column = 0; column < RunTableModel::kColumns; ++column)
    header->resizeSection(column, widthOf(column));
  table_->sortByColumn(RunTableModel::kStarted, Qt::DescendingOrder);
  header->restoreState(workbench().settings().value(kHeaderKey).toByteArray());
  table_->installEventFilter(this);
}

void RunsPage::layFrame() {
  search_->setProperty("role", QStringLiteral("search"));
  search_->setClearButtonEnabled(true);
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
  auto* left = child<QWidget>(this);
  auto* column = child<QVBoxLayout>(left);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(spacing::kGrid);
  auto* tables = child<QStackedWidget>(this);
  tables->setObjectName(QStringLiteral("tables"));
  tables->addWidget(table_);
  tables->addWidget(noMatch_);
  column->addWidget(tables, 1);
  auto* foot = child<QHBoxLayout>();
  foot->addWidget(count_);
  foot->addStretch();
  foot->addWidget(archived_);
  column->addLayout(foot);
  splitter_->addWidget(left);
  splitter_->addWidget(details_);
  splitter_->setStretchFactor(0, 1);
  splitter_->setChildrenCollapsible(false);
  splitter_->setHandleWidth(spacing::kPage);
  splitter_->setSizes({790, 286});
  splitter_->restoreState(workbench().settings().value(kSplitterKey).toByteArray());
  stack_->addWidget(splitter_);
  stack_->addWidget(empty_);
  body()->addWidget(stack_);
  setFocusProxy(table_);
}

void RunsPage::connectParts() {
  connect(search_, &QLineEdit::textChanged, this, &RunsPage::applySearch);
  connect(new_, &QPushButton::clicked, this, [this] { workbench().open(PageId::kNewRun); });
  connect(compare_, &QPushButton::clicked, this, &RunsPage::compare);
  connect(archived_, &QCheckBox::toggled, this, [this](bool shows) {
    filter_->setShowsArchived(shows);
    showState();
  });
  connect(noMatch_, &EmptyState::chosen, search_, &QLineEdit::clear);
  DemoService& demo = workbench().demo();
  connect(empty_, &EmptyState::chosen, &demo, &DemoService::start);
  connect(empty_, &EmptyState::otherChosen, this, [this] { workbench().open(PageId::kNewRun); });
  connect(&demo, &DemoService::changed, this, &RunsPage::showEmpty);
  connect(&demo, &DemoService::runAppeared, this, [this](const QString& name) {
    if (isVisible()) workbench().open(PageId::kRun, {name});
  });
  connect(runs_, &RunTableModel::renamed, edits_, &RunEdits::rename);
  connect(runs_, &RunTableModel::marksChanged, this, &RunsPage::showState);
  connect(table_->selectionModel(), &QItemSelectionModel::selectionChanged, this,
          &RunsPage::showSelection);
  connect(table_, &QTableView::activated, this, &RunsPage::openSelected);
  connect(table_, &QTableView::customContextMenuRequested, this, &RunsPage::openMenu);
  connect(&workbench().runs(), &RunWatcher::changed, this, &RunsPage::showState);
  connect(table_->horizontalHeader(), &QHeaderView::sectionResized, this, &RunsPage::saveLayout);
  connect(table_->horizontalHeader(), &QHeaderView::sectionMoved, this, &RunsPage::saveLayout);
  connect(table_->horizontalHeader(), &QHeaderView::sortIndicatorChanged, this,
          &RunsPage::saveLayout);
  connect(splitter_, &QSplitter::splitterMoved, this, &RunsPage::saveLayout);
}

void RunsPage::select(const QStringList& names) {
  wanted_ = names;
  showState();
}

bool RunsPage::isSettled() const { return workbench().runs().hasLooked() && details_->isSettled(); }

void RunsPage::showState() {
  const bool isEmpty = workbench().runs().hasLooked() && runs_->rowCount() == 0;
  const bool hasMatches = filter_->rowCount() > 0 || !workbench().runs().hasLooked();
  stack_->setCurrentWidget(isEmpty ? static_cast<QWidget*>(empty_) : splitter_);
  for (QWidget* widget : {static_cast<QWidget*>(search_), static_cast<QWidget*>(compare_)})
    widget->setVisible(!isEmpty);
  auto* tables = findChild<QStackedWidget*>(QStringLiteral("tables"));
  tables->setCurrentWidget(hasMatches ? static_cast<QWidget*>(table_) : noMatch_);
  const int archived = filter_->archivedCount();
  archived_->setVisible(archived > 0);
  archived_->setText(tr("Show archived (%1)").arg(archived));
  count_->setText(filter_->rowCount() == runs_->rowCount()
                      ? tr("%n runs", nullptr, runs_->rowCount())
                      : tr("%1 of %2 runs").arg(filter_->rowCount()).arg(runs_->rowCount()));
  const auto marked = runs_->marked().size();
  compare_->setEnabled(marked > 0);
  compare_->setText(marked > 0 ? tr("Compare (%1)").arg(marked) : tr("Compare"));
  if (runs_->rowCount() == 0) return;
  const QStringList wanted = std::exchange(wanted_, {});
  for (const QString& name : wanted) {
    const int row = runs_->rowOf(name);
    if (row < 0) continue;
    const QModelIndex index = filter_->mapFromSource(runs_->index(row, 0));
    table_->selectionModel()->select(index,
                                     QItemSelectionModel::Select | QItemSelectionModel::Rows);
    table_->setCurrentIndex(index);
  }
  if (!table_->currentIndex().isValid() && filter_->rowCount() > 0) table_->selectRow(0);
}

QStringList RunsPage::selected() const {
  QStringList names;
  for (const QModelIndex& index : table_->selectionModel()->selectedRows())
    names.append(index.data(RunTableModel::kNameRole).toString());
  return names;
}

void RunsPage::showSelection() {
  const QStringList names = selected();
  const QString current = table_->currentIndex().data(RunTableModel::kNameRole).toString();
  details_->setRun(names.contains(current) ? current : names.value(0));
}

void RunsPage::applySearch(const QString& text) {
  const bool isValid = filter_->setFilter(text);
  search_->setProperty("invalid", !isValid);
  search_->setToolTip(isValid ? tr("Words of name, tag, task or state; /…/ is a regular expression")
                              : tr("This regular expression is not complete"));
  search_->setStyleSheet(search_->styleSheet());  // reads the property again
  showState();
}

void RunsPage::openSelected() {
  const QString name = table_->currentIndex().data(RunTableModel::kNameRole).toString();
  if (!name.isEmpty()) workbench().open(PageId::kRun, {name});
}

void RunsPage::toggleMark() {
  for (const QString& name : selected()) runs_->setMarked(name, !runs_->marked().contains(name));
}

void RunsPage::compare() {
  if (!runs_->marked().isEmpty()) workbench().open(PageId::kCompare, runs_->marked());
}

void RunsPage::saveLayout() {
  workbench().settings().setValue(kHeaderKey, table_->horizontalHeader()->saveState());
  workbench().settings().setValue(kSplitterKey, splitter_->saveState());
}

void RunsPage::editName() {
  table_->edit(table_->currentIndex().siblingAtColumn(RunTableModel::kName));
}

void RunsPage::editTags() {
  const QStringList names = selected();
  if (names.isEmpty()) return;
  const RunSummary* first = workbench().runs().find(names.first());
  const QString before = first == nullptr ? QString() : first->tags.join(QStringLiteral(", "));
  bool isAccepted = false;
  const QString text =
      QInputDialog::getText(this, tr("Tags"), tr("Tags, with commas between them:"),
                            QLineEdit::Normal, before, &isAccepted);
  if (isAccepted) edits_->setTags(names, parseTags(text));
}

bool RunsPage::handleKey(int key, Qt::KeyboardModifiers modifiers) {
  const QStringList names = selected();
  if (names.isEmpty()) return false;
  if (key == Qt::Key_Space) {
    toggleMark();
  } else if (key == Qt::Key_F2) {
    editName();
  } else if (key == Qt::Key_Delete) {
    edits_->remove(names);
  } else if (key == Qt::Key_T && modifiers == Qt::ControlModifier) {
    editTags();
  } else {
    return false;
  }
  return true;
}

bool RunsPage::eventFilter(QObject* watched, QEvent* event) {
  if (watched == table_ && event->type() == QEvent::KeyPress) {
    const auto* key = static_cast<QKeyEvent*>(event);
    if (handleKey(key->key(), key->modifiers())) return true;
  }
  return Page::eventFilter(watched, event);
}

void RunsPage::openMenu(const QPoint& position) {
  const QStringList names = selected();
  if (names.isEmpty()) return;
  const auto all = [&](auto isTrue) {
    return std::all_of(names.begin(), names.end(), [&](const QString& name) {
      const RunSummary* run = workbench().runs().find(name);
      return run != nullptr && isTrue(*run);
    });
  };
  const bool isArchived = all([](const RunSummary& run) { return run.isArchived; });
  const bool isAtRest = all([](const RunSummary& run) {
    return !run.problem.isEmpty() || !isActive(run.report.status.state);
  });
  QMenu menu(this);
  const auto add = [&](const char* icon, const QString& text, const QKeySequence& keys,
                       const std::function<void()>& act) {
    QAction* action = menu.addAction(lineIcon(QLatin1String(icon)), text);
    action->setShortcut(keys);
    connect(action, &QAction::triggered, this, act);
    return action;
  };
  add("runs", tr("Open"), Qt::Key_Return, [this] { openSelected(); });
  add("compare", tr("Mark to compare"), Qt::Key_Space, [this] { toggleMark(); });
  menu.addSeparator();
  add("rename", tr("Rename"), Qt::Key_F2, [this] { editName(); })->setEnabled(names.size() == 1);
  add("tag", tr("Tags…"), QKeySequence(Qt::CTRL | Qt::Key_T), [this] { editTags(); });
  add("archive", isArchived ? tr("Back from the archive") : tr("Archive"), {},
      [this, names, isArchived] { edits_->setArchived(names, !isArchived); });
  menu.addSeparator();
  QAction* remove = add("trash", tr("Move to the trash"), Qt::Key_Delete,
                        [this, names] { edits_->remove(names); });
  remove->setEnabled(isAtRest);
  if (!isAtRest) remove->setText(tr("Move to the trash (stop it first)"));
  menu.exec(table_->viewport()->mapToGlobal(position));
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
  showEmpty();
  noMatch_->setTexts(tr("No run matches"),
                     tr("No run has these words in its name, tags, task or state."),
                     tr("Clear the search"));
  runs_->retranslate();
  details_->retranslate();
  applySearch(search_->text());
  showState();
}

}  // namespace z2::ui
