#include "ui/models/run_filter_model.h"

#include <algorithm>

#include "ui/base/text.h"
#include "ui/models/run_state_text.h"
#include "ui/models/run_table_model.h"

namespace z2::ui {

RunFilterModel::RunFilterModel(RunTableModel& runs, QObject* parent)
    : QSortFilterProxyModel(parent), runs_(runs) {
  setSortRole(RunTableModel::kSortRole);
  setSourceModel(&runs);
}

bool RunFilterModel::setFilter(const QString& text) {
  QList<QRegularExpression> words;
  for (const QString& word : text.split(QLatin1Char(' '), Qt::SkipEmptyParts)) {
    const bool isExpression =
        word.size() > 2 && word.startsWith(QLatin1Char('/')) && word.endsWith(QLatin1Char('/'));
    const QString pattern =
        isExpression ? word.mid(1, word.size() - 2) : QRegularExpression::escape(word);
    words.append(QRegularExpression(pattern, QRegularExpression::CaseInsensitiveOption));
    if (!words.last().isValid()) return false;
  }
  words_ = std::move(words);
  invalidateFilter();
  return true;
}

void RunFilterModel::setShowsArchived(bool shows) {
  showsArchived_ = shows;
  invalidateFilter();
}

int RunFilterModel::archivedCount() const {
  int count = 0;
  for (int row = 0; row < runs_.rowCount(); ++row) count += runs_.at(row).isArchived ? 1 : 0;
  return count;
}

bool RunFilterModel::filterAcceptsRow(int row, const QModelIndex& parent) const {
  Q_UNUSED(parent);
  const RunSummary& run = runs_.at(row);
  if (run.isArchived && !showsArchived_) return false;
  if (words_.isEmpty()) return true;
  const RunState state = run.report.status.state;
  const QString text = QStringList{run.title, run.name,         run.tags.join(QLatin1Char(' ')),
                                   run.task,  stateWord(state), toQString(nameOf(state))}
                           .join(QLatin1Char('\n'));
  return std::all_of(words_.begin(), words_.end(),
                     [&](const QRegularExpression& word) { return word.match(text).hasMatch(); });
}

bool RunFilterModel::lessThan(const QModelIndex& left, const QModelIndex& right) const {
  const QVariant a = left.data(RunTableModel::kSortRole), b = right.data(RunTableModel::kSortRole);
  if (a.typeId() == QMetaType::QString && left.column() != RunTableModel::kStarted)
    return QString::localeAwareCompare(a.toString(), b.toString()) < 0;
  return QVariant::compare(a, b) == QPartialOrdering::Less;
}

}  // namespace z2::ui
