#include "ui/models/text_table_model.h"

#include <algorithm>
#include <utility>

#include <QFont>

namespace z2::ui {

TextTableModel::TextTableModel(QObject* parent) : QAbstractTableModel(parent) {}

void TextTableModel::setHeaders(const QStringList& headers) {
  if (headers.size() == headers_.size()) {
    headers_ = headers;
    if (!headers_.isEmpty())
      Q_EMIT headerDataChanged(Qt::Horizontal, 0, static_cast<int>(headers_.size()) - 1);
    return;
  }
  beginResetModel();
  headers_ = headers;
  endResetModel();
}

void TextTableModel::setRows(std::vector<TableRow> rows) {
  const int before = static_cast<int>(rows_.size());
  const int after = static_cast<int>(rows.size());
  if (after < before) {
    beginRemoveRows({}, after, before - 1);
    rows_.resize(static_cast<size_t>(after));
    endRemoveRows();
  }
  const int shared = std::min(before, after);
  std::move(rows.begin(), rows.begin() + shared, rows_.begin());
  if (shared > 0 && !headers_.isEmpty())
    Q_EMIT dataChanged(index(0, 0), index(shared - 1, static_cast<int>(headers_.size()) - 1));
  if (after > before) {
    beginInsertRows({}, before, after - 1);
    std::move(rows.begin() + before, rows.end(), std::back_inserter(rows_));
    endInsertRows();
  }
}

int TextTableModel::rowCount(const QModelIndex& parent) const {
  return parent.isValid() ? 0 : static_cast<int>(rows_.size());
}

int TextTableModel::columnCount(const QModelIndex& parent) const {
  return parent.isValid() ? 0 : static_cast<int>(headers_.size());
}

const TableCell* TextTableModel::cellAt(const QModelIndex& index) const {
  if (!checkIndex(index, CheckIndexOption::IndexIsValid)) return nullptr;
  const TableRow& row = rows_[static_cast<size_t>(index.row())];
  const auto column = static_cast<size_t>(index.column());
  return column < row.size() ? &row[column] : nullptr;
}

QVariant TextTableModel::data(const QModelIndex& index, int role) const {
  const TableCell* cell = cellAt(index);
  if (cell == nullptr) return {};
  switch (role) {
    case Qt::DisplayRole:
      return cell->text;
    case Qt::ToolTipRole:
      return cell->toolTip.isEmpty() ? QVariant() : cell->toolTip;
    case Qt::TextAlignmentRole:
      return QVariant::fromValue(
          Qt::Alignment((cell->isNumber ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter));
    case Qt::FontRole: {
      if (!cell->isBold) return {};
      QFont bold;
      bold.setBold(true);
      return bold;
    }
    case Qt::DecorationRole:
      return cell->color.isValid() ? QVariant(cell->color) : QVariant();
    case kSortRole:
      return cell->sort.isValid() ? cell->sort : QVariant(cell->text);
    default:
      return {};
  }
}

QVariant TextTableModel::headerData(int section, Qt::Orientation orientation, int role) const {
  if (orientation != Qt::Horizontal || section < 0 || section >= headers_.size()) return {};
  if (role == Qt::DisplayRole) return headers_.at(section);
  // Over numbers, as they are.
  if (role == Qt::TextAlignmentRole && !rows_.empty() &&
      static_cast<size_t>(section) < rows_.front().size() &&
      rows_.front()[static_cast<size_t>(section)].isNumber)
    return QVariant::fromValue(Qt::Alignment(Qt::AlignRight | Qt::AlignVCenter));
  return {};
}

}  // namespace z2::ui
