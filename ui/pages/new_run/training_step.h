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
  using PlanStep::PlanStep;
  [[nodiscard]] QString title() const override { return tr("Training"); }
  [[nodiscard]] std::vector<QString> keys() const override;

 protected:
  void make(Parts& parts) override;
  void retranslate() override;
  void present() override;

 private:
  void addFields(Parts& parts);
  void applyFilter();
  void showCount();

  QPushButton* simple_ = nullptr;
  QPushButton* advanced_ = nullptr;
  QLineEdit* search_ = nullptr;
  QLabel* count_ = nullptr;
  ConfigForm* form_ = nullptr;
};

}  // namespace z2::ui
