#pragma once

// The tokenizer that made the data, by which samples and exports become text.

#include "ui/pages/new_run/plan_step.h"

class QListWidget;

namespace z2::ui {

class ConfigForm;

class TokenizerStep : public PlanStep {
  Q_OBJECT

 public:
  TokenizerStep(Workbench& workbench, NewRunPlan& plan, QWidget* parent);
  [[nodiscard]] QString title() const override { return tr("Tokenizer"); }
  [[nodiscard]] std::vector<QString> keys() const override;
  void showPlan() override;
  // Something that deserves a look although the run can start; empty: nothing.
  [[nodiscard]] QString warning() const;

 protected:
  void retranslate() override;

 private:
  QListWidget* list_;
  QLabel* verdict_;
  ConfigForm* form_;
};

}  // namespace z2::ui
