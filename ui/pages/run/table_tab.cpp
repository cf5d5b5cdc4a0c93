#include "ui/pages/run/table_tab.h"

#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QSortFilterProxyModel>
#include <QTableView>
#include <QVBoxLayout>

#include "ui/base/child.h"
#include "ui/theme/theme.h"

namespace z2::ui {

TableTab::TableTab(QWidget* parent)
    : QWidget(parent),
      model_(child<TextTableModel>(this)),
      sorted_(child<QSortFilterProxyModel>(this)),
      filter_(child<QLineEdit>(this)),
      controls_(std::make_unique<QHBoxLayout>().release()),
      table_(child<QTableView>(this)),
      empty_(child<QLabel>(this)) {
  auto* column = child<QVBoxLayout>(this);
  column->setContentsMargins(0, spacing::kGrid, 0, 0);
  filter_->setClearButtonEnabled(true);
  filter_->setFixedWidth(240);
  controls_->addWidget(filter_);
  controls_->addStretch(1);
  column->addLayout(controls_);
  empty_->setProperty("role", QStringLiteral("lead"));
  empty_->setAlignment(Qt::AlignCenter);
  empty_->setWordWrap(true);
  column->addWidget(empty_, 1);
  column->addWidget(table_, 1);
  sorted_->setSourceModel(model_);
  sorted_->setSortRole(TextTableModel::kSortRole);
  sorted_->setFilterKeyColumn(-1);
  sorted_->setFilterCaseSensitivity(Qt::CaseInsensitive);
  table_->setModel(sorted_);
  table_->setSortingEnabled(true);
  table_->sortByColumn(-1, Qt::AscendingOrder);
  table_->setSelectionBehavior(QAbstractItemView::SelectRows);
  table_->setSelectionMode(QAbstractItemView::SingleSelection);
  table_->setEditTriggers(QAbstractItemView::NoEditTriggers);
  table_->setShowGrid(false);
  table_->setTabKeyNavigation(false);
  table_->verticalHeader()->hide();
  table_->verticalHeader()->setDefaultSectionSize(28);
  table_->horizontalHeader()->setStretchLastSection(true);
  table_->horizontalHeader()->setHighlightSections(false);
  table_->horizontalHeader()->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
  connect(filter_, &QLineEdit::textChanged, sorted_, &QSortFilterProxyModel::setFilterFixedString);
  connect(table_->selectionModel(), &QItemSelectionModel::selectionChanged, this,
          &TableTab::chosen);
}

void TableTab::setRows(std::vector<TableRow> rows) {
  const bool wasEmpty = model_->rowCount() == 0;
  empty_->setVisible(rows.empty());
  table_->setVisible(!rows.empty());
  model_->setRows(std::move(rows));
  if (wasEmpty && model_->rowCount() > 0) {
    table_->resizeColumnsToContents();
    for (int column = 0; column < model_->columnCount(); ++column)
      table_->setColumnWidth(column, std::min(table_->columnWidth(column) + 8, 420));
  }
}

void TableTab::setTexts(const QString& name, const QString& filterHint, const QString& emptyText) {
  table_->setAccessibleName(name);
  filter_->setPlaceholderText(filterHint);
  filter_->setAccessibleName(filterHint);
  empty_->setText(emptyText);
}

void TableTab::addControl(QWidget* control) { controls_->addWidget(control); }

void TableTab::choose(int row) {
  const QModelIndex index = sorted_->mapFromSource(model_->index(row, 0));
  if (index.isValid()) table_->selectRow(index.row());
}

int TableTab::chosenRow() const {
  const QModelIndexList rows = table_->selectionModel()->selectedRows();
  return rows.isEmpty() ? -1 : sorted_->mapToSource(rows.front()).row();
}

}  // namespace z2::ui
