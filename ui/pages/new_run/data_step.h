#pragma once

// Which data the run learns from.

#include "ui/pages/new_run/plan_step.h"

class QPushButton;
class QTreeWidget;

namespace z2::ui {

class ConfigForm;

class DataStep : public PlanStep {
  Q_OBJECT

 public:
  DataStep(Workbench& workbench, NewRunPlan& plan, QWidget* parent);
  [[nodiscard]] QString title() const override { return tr("Data"); }
  [[nodiscard]] std::vector<QString> keys() const override;
  void showPlan() override;

 protected:
  void retranslate() override;
  void resizeEvent(QResizeEvent* event) override;

 private:
  void showSets();

  QTreeWidget* sets_;
  QLabel* none_;
  QPushButton* make_;
  QPushButton* look_;
  ConfigForm* form_;
  QStringList shownSets_;
};

}  // namespace z2::ui
