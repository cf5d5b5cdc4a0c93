#pragma once

// A tab that is a table: texts, sorted by any column, with a filter and buttons for the chosen row.

#include <vector>

#include <QWidget>

#include "ui/models/text_table_model.h"

class QHBoxLayout;
class QLabel;
class QLineEdit;
class QSortFilterProxyModel;
class QTableView;

namespace z2::ui {

class TableTab : public QWidget {
  Q_OBJECT

 public:
  explicit TableTab(QWidget* parent);

  void setHeaders(const QStringList& headers) { model_->setHeaders(headers); }
  void setRows(std::vector<TableRow> rows);
  void setTexts(const QString& name, const QString& filterHint, const QString& emptyText);
  // At the right of the filter.
  void addControl(QWidget* control);
  // In the order of setRows; -1: none.
  [[nodiscard]] int chosenRow() const;
  void choose(int row);
  [[nodiscard]] TextTableModel& model() { return *model_; }
  [[nodiscard]] QTableView& table() { return *table_; }

 Q_SIGNALS:
  void chosen();  // another row, or none

 private:
  TextTableModel* model_;
  QSortFilterProxyModel* sorted_;
  QLineEdit* filter_;
  QHBoxLayout* controls_;
  QTableView* table_;
  QLabel* empty_;
};

}  // namespace z2::ui
