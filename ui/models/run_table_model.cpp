#include "ui/models/run_table_model.h"

#include <algorithm>
#include <limits>

#include <QCoreApplication>

#include "ui/base/core_words.h"
#include "ui/base/text.h"
#include "ui/models/run_state_text.h"
#include "ui/theme/theme.h"

namespace z2::ui {

namespace {

const QString kNothing = QStringLiteral("–");

bool isBefore(const RunSummary& run, const QString& name) { return run.name < name; }

bool isNumber(int column) {
  return column == RunTableModel::kLoss || column == RunTableModel::kTokensPerSecond ||
         column == RunTableModel::kMfu || column == RunTableModel::kStep;
}

QString percent(std::optional<double> share) {
  return share ? QStringLiteral("%1 %").arg(*share * 100, 0, 'f', 1) : kNothing;
}

// Of another year the day alone, so that the column stays narrow.
QString whenInTable(const QString& created) {
  const QString when = whenText(toUtf8(created));
  constexpr qsizetype kOfThisYear = 11, kDay = 10;  // "11-30 19:06", "2024-06-22"
  return when.size() > kOfThisYear ? when.left(kDay) : when;
}

double orLowest(std::optional<double> value) {
  return value.value_or(-std::numeric_limits<double>::infinity());
}

}  // namespace

QString taskText(const QString& task) {
  if (task == QLatin1String("pretrain")) return QCoreApplication::translate("Task", "Pretrain");
  return task.toUpper();  // SFT, DPO: the same in every language
}

RunTableModel::RunTableModel(RunWatcher& watcher, QObject* parent)
    : QAbstractTableModel(parent), watcher_(watcher), runs_(watcher.runs()) {
  connect(&watcher_, &RunWatcher::changed, this, &RunTableModel::follow);
}

int RunTableModel::rowCount(const QModelIndex& parent) const {
  return parent.isValid() ? 0 : static_cast<int>(runs_.size());
}

int RunTableModel::columnCount(const QModelIndex& parent) const {
  return parent.isValid() ? 0 : kColumns;
}

int RunTableModel::rowOf(const QString& name) const {
  const auto found = std::lower_bound(runs_.begin(), runs_.end(), name, isBefore);
  return found != runs_.end() && found->name == name ? static_cast<int>(found - runs_.begin()) : -1;
}

void RunTableModel::follow(const QStringList& names) {
  const bool isFirst = runs_.isEmpty();
  if (isFirst) {
    beginResetModel();
    runs_ = watcher_.runs();
    endResetModel();
    return;
  }
  for (const QString& name : names) {
    const RunSummary* run = watcher_.find(name);
    const int row = rowOf(name);
    if (run == nullptr && row >= 0) {
      setMarked(name, false);
      beginRemoveRows({}, row, row);
      runs_.removeAt(row);
      endRemoveRows();
    } else if (run != nullptr && row >= 0) {
      runs_[row] = *run;
      Q_EMIT dataChanged(index(row, 0), index(row, kColumns - 1));
    } else if (run != nullptr) {
      const auto place = std::lower_bound(runs_.begin(), runs_.end(), name, isBefore);
      const int newRow = static_cast<int>(place - runs_.begin());
      beginInsertRows({}, newRow, newRow);
      runs_.insert(newRow, *run);
      endInsertRows();
    }
  }
}

QVariant RunTableModel::text(const RunSummary& run, int column) const {
  if (!run.problem.isEmpty() && column != kState && column != kName) return {};
  const RunStatus& status = run.report.status;
  switch (column) {
    case kState:
      return run.problem.isEmpty() ? stateWord(status.state) : tr("Unreadable");
    case kName:
      return run.title;
    case kTask:
      return taskText(run.task);
    case kStep:
      return QStringLiteral("%1 / %2").arg(
          QLocale().toString(static_cast<qlonglong>(status.step)),
          QLocale().toString(static_cast<qlonglong>(status.steps)));
    case kLoss:
      return lossText(run.loss);
    case kTokensPerSecond:
      return run.tokensPerSecond ? shortCount(std::round(*run.tokensPerSecond)) : kNothing;
    case kMfu:
      return percent(run.mfu);
    case kStarted:
      return whenInTable(run.created);
    case kTags:
      return run.tags.join(QStringLiteral(", "));
    default:
      return {};
  }
}

QVariant RunTableModel::sortKey(const RunSummary& run, int column) const {
  const RunStatus& status = run.report.status;
  switch (column) {
    case kState:
      return run.problem.isEmpty() ? static_cast<int>(status.state) : 100;
    case kStep:
      return static_cast<qlonglong>(status.step);
    case kLoss:
    case kSpark:
      return run.loss.value_or(std::numeric_limits<double>::infinity());
    case kTokensPerSecond:
      return orLowest(run.tokensPerSecond);
    case kMfu:
      return orLowest(run.mfu);
    case kStarted:
      return run.created;
    default:
      return text(run, column);
  }
}

QVariant RunTableModel::toolTip(const RunSummary& run, int column) const {
  if (!run.problem.isEmpty()) return coreText(toUtf8(run.problem));
  if (column == kState && !run.report.status.error.empty())
    return coreText(run.report.status.error);
  if (column == kName) return pathText(run.path);
  if (column == kLoss && run.validLoss) return tr("Validation: %1").arg(lossText(run.validLoss));
  if (column == kTags && !run.tags.isEmpty()) return run.tags.join(QStringLiteral(", "));
  return {};
}

QVariant RunTableModel::data(const QModelIndex& index, int role) const {
  if (!index.isValid() || index.row() >= runs_.size()) return {};
  const RunSummary& run = runs_.at(index.row());
  const int column = index.column();
  switch (role) {
    case Qt::DisplayRole:
      return text(run, column);
    case Qt::EditRole:
      return column == kName ? QVariant(run.title) : text(run, column);
    case Qt::ToolTipRole:
      return toolTip(run, column);
    case Qt::AccessibleTextRole:
      return column == kSpark ? QVariant(tr("Course of the loss")) : text(run, column);
    case Qt::TextAlignmentRole:
      return QVariant(isNumber(column) ? Qt::AlignRight | Qt::AlignVCenter
                                       : Qt::AlignLeft | Qt::AlignVCenter);
    case Qt::CheckStateRole:
      if (column != kName) return {};
      return marked_.contains(run.name) ? Qt::Checked : Qt::Unchecked;
    case Qt::ForegroundRole:
      return run.isArchived ? QVariant(colors().secondary) : QVariant();
    case kNameRole:
      return run.name;
    case kSortRole:
      return sortKey(run, column);
    case kSparkRole: {
      QList<qreal> points;
      for (const float point : run.spark) points.append(static_cast<qreal>(point));
      return QVariant::fromValue(points);
    }
    case kFractionRole: {
      const RunStatus& status = run.report.status;
      return status.steps > 0 ? static_cast<double>(status.step) / static_cast<double>(status.steps)
                              : -1.0;
    }
    case kStateRole:
      return run.problem.isEmpty() ? QVariant(static_cast<int>(run.report.status.state))
                                   : QVariant();
    default:
      return {};
  }
}

QVariant RunTableModel::headerData(int section, Qt::Orientation orientation, int role) const {
  if (orientation != Qt::Horizontal || section < 0 || section >= kColumns) return {};
  if (role == Qt::TextAlignmentRole)
    return QVariant(isNumber(section) ? Qt::AlignRight | Qt::AlignVCenter
                                      : Qt::AlignLeft | Qt::AlignVCenter);
  if (role != Qt::DisplayRole) return {};
  switch (section) {
    case kState:
      return tr("State");
    case kName:
      return tr("Name");
    case kTask:
      return tr("Task");
    case kStep:
      return tr("Step");
    case kLoss:
      return tr("Loss");
    case kSpark:
      return tr("Course");
    case kTokensPerSecond:
      return tr("Tokens/s");
    case kMfu:
      return tr("MFU");
    case kStarted:
      return tr("Made");
    default:
      return tr("Tags");
  }
}

Qt::ItemFlags RunTableModel::flags(const QModelIndex& index) const {
  Qt::ItemFlags flags = QAbstractTableModel::flags(index);
  if (index.isValid() && index.column() == kName)
    flags |= Qt::ItemIsEditable | Qt::ItemIsUserCheckable;
  return flags;
}

bool RunTableModel::setData(const QModelIndex& index, const QVariant& value, int role) {
  if (!index.isValid() || index.column() != kName || index.row() >= runs_.size()) return false;
  const QString name = runs_.at(index.row()).name;
  if (role == Qt::CheckStateRole) {
    setMarked(name, value.toInt() == Qt::Checked);
    return true;
  }
  if (role != Qt::EditRole) return false;
  const QString title = value.toString().simplified();
  RunSummary& run = runs_[index.row()];
  run.title = title.isEmpty() ? run.name : title;
  Q_EMIT dataChanged(index, index);
  Q_EMIT renamed(name, title == name ? QString() : title);
  return true;
}

void RunTableModel::setMarked(const QString& name, bool isMarked) {
  if (marked_.contains(name) == isMarked) return;
  if (isMarked)
    marked_.append(name);
  else
    marked_.removeAll(name);
  if (const int row = rowOf(name); row >= 0)
    Q_EMIT dataChanged(index(row, kName), index(row, kName), {Qt::CheckStateRole});
  Q_EMIT marksChanged();
}

void RunTableModel::clearMarks() {
  const QStringList names = marked_;
  for (const QString& name : names) setMarked(name, false);
}

void RunTableModel::retranslate() {
  Q_EMIT headerDataChanged(Qt::Horizontal, 0, kColumns - 1);
  if (!runs_.isEmpty())
    Q_EMIT dataChanged(index(0, 0), index(static_cast<int>(runs_.size()) - 1, kColumns - 1));
}

}  // namespace z2::ui
