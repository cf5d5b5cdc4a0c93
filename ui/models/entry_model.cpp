#include "ui/models/entry_model.h"

#include <algorithm>

namespace z2::ui {

void EntryModel::setEntries(const QList<Entry>& entries) {
  for (int row = static_cast<int>(entries_.size()) - 1; row >= 0; --row) {
    const bool stays = std::any_of(entries.begin(), entries.end(),
                                   [&](const Entry& e) { return e.key == entries_[row].key; });
    if (stays) continue;
    beginRemoveRows({}, row, row);
    entries_.removeAt(row);
    endRemoveRows();
  }
  for (int row = 0; row < entries.size(); ++row) {
    const int now = rowOf(entries[row].key);
    if (now < 0) {
      beginInsertRows({}, row, row);
      entries_.insert(row, entries[row]);
      endInsertRows();
      continue;
    }
    if (now != row) {
      beginMoveRows({}, now, now, {}, row < now ? row : row + 1);
      entries_.move(now, row);
      endMoveRows();
    }
    if (entries_[row] == entries[row]) continue;
    entries_[row] = entries[row];
    Q_EMIT dataChanged(index(row), index(row));
  }
}

int EntryModel::rowOf(const QString& key) const {
  for (int row = 0; row < entries_.size(); ++row)
    if (entries_[row].key == key) return row;
  return -1;
}

int EntryModel::rowCount(const QModelIndex& parent) const {
  return parent.isValid() ? 0 : static_cast<int>(entries_.size());
}

QVariant EntryModel::data(const QModelIndex& index, int role) const {
  if (!checkIndex(index, CheckIndexOption::IndexIsValid)) return {};
  const Entry& entry = entries_[index.row()];
  switch (role) {
    case Qt::DisplayRole:
      return entry.title;
    case Qt::ToolTipRole:
    case Qt::AccessibleTextRole:
      return QString(entry.title + QStringLiteral(", ") + entry.detail);
    case kKeyRole:
      return entry.key;
    case kDetailRole:
      return entry.detail;
    case kProblemRole:
      return entry.hasProblem;
    default:
      return {};
  }
}

}  // namespace z2::ui
