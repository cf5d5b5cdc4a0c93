#pragma once

// Asks by how many steps a run is to be extended.

#include <cstdint>

#include <QDialog>

class QSpinBox;

namespace z2::ui {

// Deletes itself when it is closed.
class ExtendDialog : public QDialog {
  Q_OBJECT

 public:
  ExtendDialog(const QString& title, int64_t steps, QWidget* parent);

 Q_SIGNALS:
  void chosen(int64_t moreSteps);
};

}  // namespace z2::ui
