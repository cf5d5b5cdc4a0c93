#pragma once

// How it is trained: ten fields, or all of them.

#include "ui/pages/new_run/plan_step.h"

class QLineEdit;
class QPushButton;

namespace z2::ui {

class ConfigForm;

class TrainingStep : public PlanStep {
  Q_OBJECT

 public:
  TrainingStep(Workbench& workbench, NewRunPlan& plan, QWidget* parent);
  [[nodiscard]] QString title() const override { return tr("Training"); }
  [[nodiscard]] std::vector<QString> keys() const override;
  void showPlan() override;

 protected:
  void retranslate() override;

 private:
  void applyFilter();

  QPushButton* simple_;
  QPushButton* advanced_;
  QLineEdit* search_;
  QLabel* count_;
  ConfigForm* form_;
};

}  // namespace z2::ui
