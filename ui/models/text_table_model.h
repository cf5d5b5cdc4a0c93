#pragma once

// A table of texts that is replaced as a whole: events, checkpoints, a configuration, statistics.

#include <vector>

#include <QAbstractTableModel>
#include <QColor>
#include <QStringList>
#include <QVariant>

namespace z2::ui {

struct TableCell {
  QString text = {};
  QVariant sort = {};  // what the column is sorted by; invalid: the text
  QString toolTip = {};
  bool isBold = false;
  bool isNumber = false;  // aligned right
  QColor color = {};      // of a mark before the text; invalid: none
};
using TableRow = std::vector<TableCell>;

class TextTableModel final : public QAbstractTableModel {
  Q_OBJECT
  Q_DISABLE_COPY_MOVE(TextTableModel)

 public:
  enum Roles { kSortRole = Qt::UserRole };

  explicit TextTableModel(QObject* parent = nullptr);

  void setHeaders(const QStringList& headers);
  // Rows have as many cells as there are headers, or fewer. Rows that are added at the end and
  // cells that change leave selection and scrolling as they are.
  void setRows(std::vector<TableRow> rows);

  [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
  [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
  [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
  [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation,
                                    int role) const override;

 private:
  [[nodiscard]] const TableCell* cellAt(const QModelIndex& index) const;

  QStringList headers_;
  std::vector<TableRow> rows_;
};

}  // namespace z2::ui
