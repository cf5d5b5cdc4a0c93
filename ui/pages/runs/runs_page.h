#pragma once

// All runs of the workspace.

#include "ui/pages/page.h"

class QTableView;

namespace z2::ui {

class RunsPage : public Page {
  Q_OBJECT

 public:
  explicit RunsPage(Workbench& workbench, QWidget* parent = nullptr);
  [[nodiscard]] bool isSettled() const override;

 protected:
  void retranslate() override;
};

}  // namespace z2::ui
