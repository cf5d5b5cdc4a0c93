#include "ui/pages/runs/run_table.h"

#include <algorithm>
#include <utility>

#include <QAction>
#include <QHeaderView>
#include <QInputDialog>
#include <QKeyEvent>
#include <QLineEdit>
#include <QMenu>

#include "ui/base/child.h"
#include "ui/base/hand_over.h"
#include "ui/models/run_filter_model.h"
#include "ui/models/run_state_text.h"
#include "ui/models/run_table_model.h"
#include "ui/pages/runs/run_edits.h"
#include "ui/widgets/icon.h"
#include "ui/widgets/run_delegates.h"

namespace z2::ui {

namespace {

constexpr int kRowHeight = 36;
constexpr int kWidthForTags = 840;  // of the table
constexpr int kLeastName = 120;
constexpr int kEnoughName = 200;
constexpr int kMostName = 360;
constexpr int kMark = 46;  // the box before a name, with the margins

const QString kHeaderKey = QStringLiteral("runs/header");
const QString kOwnNameKey = QStringLiteral("runs/ownNameWidth");

// Together with the pane beside it, all of them fit a window of 1280.
int widthOf(int column, const QFontMetrics& metrics) {
  constexpr int kMargins = 16;
  constexpr int kState = 26;  // its mark, with its gap
  const auto widthFor = [&](const char* text) {
    return metrics.horizontalAdvance(QLatin1String(text)) + kMargins;
  };
  switch (column) {
    case RunTableModel::kName:
      return kLeastName;
    case RunTableModel::kState: {
      int widest = 0;
      for (const RunState state : {RunState::kStarting, RunState::kRunning, RunState::kStopping,
                                   RunState::kStopped, RunState::kFinished, RunState::kCrashed})
        widest = std::max(widest, metrics.horizontalAdvance(stateWord(state)));
      return widest + kState + kMargins / 2;
    }
    case RunTableModel::kStep:
      return widthFor("11,122 / 11,122");
    case RunTableModel::kStarted:
      return widthFor("11-30 22:22") + kMargins / 2;
    case RunTableModel::kTokensPerSecond:
      return 68;
    case RunTableModel::kTask:
      return 70;
    case RunTableModel::kMfu:
      return 66;
    case RunTableModel::kSpark:
      return 60;
    case RunTableModel::kTags:
      return 34;
    default:
      return 56;
  }
}

}  // namespace

RunTable::RunTable(Workbench& workbench, RunTableModel& runs, RunFilterModel& filter,
                   QWidget* parent)
    : QTableView(parent),
      workbench_(workbench),
      runs_(runs),
      filter_(filter),
      edits_(child<RunEdits>(workbench, this)) {
  setObjectName(QStringLiteral("runTable"));
  setModel(&filter_);
  setSelectionBehavior(QAbstractItemView::SelectRows);
  setSelectionMode(QAbstractItemView::ExtendedSelection);
  setEditTriggers(QAbstractItemView::NoEditTriggers);
  setSortingEnabled(true);
  setShowGrid(false);
  setWordWrap(false);
  setTabKeyNavigation(false);
  setHorizontalScrollMode(QAbstractItemView::ScrollPerPixel);
  setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
  setContextMenuPolicy(Qt::CustomContextMenu);
  verticalHeader()->hide();
  verticalHeader()->setDefaultSectionSize(kRowHeight);
  setItemDelegateForColumn(RunTableModel::kState, child<StateDelegate>(this));
  setItemDelegateForColumn(RunTableModel::kStep, child<StepDelegate>(this));
  setItemDelegateForColumn(RunTableModel::kSpark, child<SparkDelegate>(this));
  setItemDelegateForColumn(RunTableModel::kTags, child<TagsDelegate>(this));
  QHeaderView* header = horizontalHeader();
  header->setHighlightSections(false);
  header->setSectionsMovable(true);
  header->setStretchLastSection(true);
  for (int column = 0; column < RunTableModel::kColumns; ++column)
    header->resizeSection(column, widthOf(column, fontMetrics()));
  sortByColumn(RunTableModel::kStarted, Qt::DescendingOrder);
  header->restoreState(workbench_.settings().value(kHeaderKey).toByteArray());
  // What was kept may have been for the words of another language.
  header->resizeSection(RunTableModel::kState,
                        std::max(header->sectionSize(RunTableModel::kState),
                                 widthOf(RunTableModel::kState, fontMetrics())));
  const auto save = [this] {
    workbench_.settings().setValue(kHeaderKey, horizontalHeader()->saveState());
  };
  connect(header, &QHeaderView::sectionResized, this, save);
  connect(header, &QHeaderView::sectionResized, this, [this](int column) {
    // By hand: it stays so.
    if (column == RunTableModel::kName && !isFitting_ && isVisible())
      workbench_.settings().setValue(kOwnNameKey, true);
  });
  for (const auto signal : {&QAbstractItemModel::rowsInserted, &QAbstractItemModel::rowsRemoved})
    connect(&filter_, signal, this, &RunTable::fitSoon);
  connect(&filter_, &QAbstractItemModel::modelReset, this, &RunTable::fitSoon);
  connect(header, &QHeaderView::sectionMoved, this, save);
  connect(header, &QHeaderView::sortIndicatorChanged, this, save);
  connect(&runs_, &RunTableModel::renamed, edits_, &RunEdits::rename);
  connect(selectionModel(), &QItemSelectionModel::selectionChanged, this,
          &RunTable::selectionMoved);
  connect(this, &QTableView::activated, this, &RunTable::openCurrent);
  connect(this, &QTableView::customContextMenuRequested, this, &RunTable::openMenu);
}

QStringList RunTable::selected() const {
  QStringList names;
  for (const QModelIndex& index : selectionModel()->selectedRows())
    names.append(index.data(RunTableModel::kNameRole).toString());
  return names;
}

QString RunTable::current() const {
  return currentIndex().data(RunTableModel::kNameRole).toString();
}

void RunTable::choose(const QStringList& names) {
  for (const QString& name : names) {
    const int row = runs_.rowOf(name);
    if (row < 0) continue;
    const QModelIndex index = filter_.mapFromSource(runs_.index(row, 0));
    selectionModel()->select(index, QItemSelectionModel::Select | QItemSelectionModel::Rows);
    setCurrentIndex(index);
  }
  if (!currentIndex().isValid() && filter_.rowCount() > 0) selectRow(0);
}

void RunTable::openCurrent() {
  if (const QString name = current(); !name.isEmpty()) workbench_.open(PageId::kRun, {name});
}

void RunTable::toggleMark() {
  for (const QString& name : selected()) runs_.setMarked(name, !runs_.marked().contains(name));
}

void RunTable::editName() { edit(currentIndex().siblingAtColumn(RunTableModel::kName)); }

void RunTable::editTags() {
  const QStringList names = selected();
  if (names.isEmpty()) return;
  const RunSummary* first = workbench_.runs().find(names.first());
  const QString before = first == nullptr ? QString() : first->tags.join(QStringLiteral(", "));
  bool isAccepted = false;
  const QString text =
      QInputDialog::getText(this, tr("Tags"), tr("Tags, with commas between them:"),
                            QLineEdit::Normal, before, &isAccepted);
  if (isAccepted) edits_->setTags(names, parseTags(text));
}

bool RunTable::handleKey(int key, Qt::KeyboardModifiers modifiers) {
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

void RunTable::keyPressEvent(QKeyEvent* event) {
  if (!handleKey(event->key(), event->modifiers())) QTableView::keyPressEvent(event);
}

void RunTable::resizeEvent(QResizeEvent* event) {
  QTableView::resizeEvent(event);
  fitName();
}

void RunTable::showEvent(QShowEvent* event) {
  QTableView::showEvent(event);
  fitName();
}

// A filter tells of rows that come and go in many pieces.
void RunTable::fitSoon() {
  if (std::exchange(isFitDue_, true)) return;
  handOver(this, [this] {
    isFitDue_ = false;
    fitName();
  });
}

int RunTable::widthOfName(const QString& name) {
  int& width = nameWidths_[name];
  if (width == 0) width = fontMetrics().horizontalAdvance(name);
  return width;
}

// Names are what one looks for: they get the room that the other columns leave, as far as they
// need it. Of a narrow window, what says least goes: the pane beside the table has it.
void RunTable::fitName() {
  if (!isVisible()) return;
  const int room = viewport()->width();
  setColumnHidden(RunTableModel::kTags, room < kWidthForTags);
  if (workbench_.settings().value(kOwnNameKey).toBool()) return;
  int wanted = kLeastName;
  for (int row = 0; row < filter_.rowCount(); ++row) {
    const QString name = filter_.index(row, RunTableModel::kName).data().toString();
    wanted = std::max(wanted, widthOfName(name) + kMark);
    if (wanted >= kMostName) break;
  }
  int others =
      isColumnHidden(RunTableModel::kTags) ? 0 : widthOf(RunTableModel::kTags, fontMetrics());
  for (int column = 0; column < RunTableModel::kColumns; ++column)
    if (column != RunTableModel::kName && column != RunTableModel::kTags &&
        column != RunTableModel::kMfu)
      // The last one is stretched over what is left.
      others +=
          column == RunTableModel::kStarted ? widthOf(column, fontMetrics()) : columnWidth(column);
  const int mfu = widthOf(RunTableModel::kMfu, fontMetrics());
  setColumnHidden(RunTableModel::kMfu, others + mfu + std::min(wanted, kMostName) > room &&
                                           others + mfu + kEnoughName > room);
  if (!isColumnHidden(RunTableModel::kMfu)) others += columnWidth(RunTableModel::kMfu);
  isFitting_ = true;
  setColumnWidth(RunTableModel::kName,
                 std::clamp(room - others, kLeastName, std::min(wanted, kMostName)));
  isFitting_ = false;
}

void RunTable::openMenu(const QPoint& position) {
  const QStringList names = selected();
  if (names.isEmpty()) return;
  const auto all = [&](auto isTrue) {
    return std::all_of(names.begin(), names.end(), [&](const QString& name) {
      const RunSummary* run = workbench_.runs().find(name);
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
  add("runs", tr("Open"), Qt::Key_Return, [this] { openCurrent(); });
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
  menu.exec(viewport()->mapToGlobal(position));
}

}  // namespace z2::ui
