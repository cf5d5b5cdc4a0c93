#pragma once

// The last line of the window: how many runs train, and what the computer does.

#include <QFrame>

#include "ui/services/machine_watcher.h"
#include "ui/services/workbench.h"

class QLabel;

namespace z2::ui {

class StatusLine : public QFrame {
  Q_OBJECT

 public:
  explicit StatusLine(Workbench& workbench, QWidget* parent = nullptr);

 protected:
  void changeEvent(QEvent* event) override;

 private:
  void tell();

  Workbench& workbench_;
  MachineWatcher machine_;
  QLabel* runs_;
  QLabel* load_;
};

}  // namespace z2::ui
