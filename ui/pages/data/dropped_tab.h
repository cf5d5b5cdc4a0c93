#pragma once

// The records that gave no document: where they stand, why, and how they begin.

#include <QTableWidget>

#include "ui/pages/data/data_summary.h"

namespace z2::ui {

class DroppedTab : public QTableWidget {
  Q_OBJECT

 public:
  explicit DroppedTab(QWidget* parent = nullptr);
  void setRecords(const std::vector<DataDetail::Dropped>& records);

 protected:
  void changeEvent(QEvent* event) override;

 private:
  void retranslate();
};

}  // namespace z2::ui
