#include "ui/pages/data/dropped_tab.h"

#include <memory>

#include <QEvent>
#include <QHeaderView>

#include "ui/base/core_words.h"
#include "ui/base/text.h"

namespace z2::ui {

namespace {

enum Column { kPlace, kReason, kBegins, kColumns };

}  // namespace

DroppedTab::DroppedTab(QWidget* parent) : QTableWidget(0, kColumns, parent) {
  setObjectName(QStringLiteral("dataDropped"));
  setEditTriggers(QAbstractItemView::NoEditTriggers);
  setSelectionBehavior(QAbstractItemView::SelectRows);
  setTabKeyNavigation(false);
  setShowGrid(false);
  verticalHeader()->hide();
  verticalHeader()->setDefaultSectionSize(26);
  horizontalHeader()->setStretchLastSection(true);
  horizontalHeader()->setHighlightSections(false);
  setColumnWidth(kPlace, 180);
  setColumnWidth(kReason, 260);
  retranslate();
}

void DroppedTab::setRecords(const std::vector<DataDetail::Dropped>& records) {
  setRowCount(static_cast<int>(records.size()));
  for (int row = 0; row < rowCount(); ++row) {
    const DataDetail::Dropped& dropped = records[static_cast<size_t>(row)];
    const QString texts[] = {dropped.place, coreText(toUtf8(dropped.reason)),
                             dropped.begins.simplified()};
    for (int column = 0; column < kColumns; ++column) {
      auto* item = std::make_unique<QTableWidgetItem>(texts[column]).release();
      item->setToolTip(texts[column]);
      setItem(row, column, item);
    }
  }
}

void DroppedTab::retranslate() {
  setAccessibleName(tr("Records left out"));
  setHorizontalHeaderLabels({tr("Place"), tr("Reason"), tr("Begins with")});
  for (int column = 0; column < kColumns; ++column)
    horizontalHeaderItem(column)->setTextAlignment(Qt::AlignLeft | Qt::AlignVCenter);
}

void DroppedTab::changeEvent(QEvent* event) {
  if (event->type() == QEvent::LanguageChange) retranslate();
  QTableWidget::changeEvent(event);
}

}  // namespace z2::ui
