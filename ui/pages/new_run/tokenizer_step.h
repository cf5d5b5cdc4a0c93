#pragma once

// The tokenizer that made the data, by which samples and exports become text.

#include "ui/pages/new_run/plan_step.h"

class QListWidget;

namespace z2::ui {

class ConfigForm;

class TokenizerStep : public PlanStep {
  Q_OBJECT

 public:
  using PlanStep::PlanStep;
  [[nodiscard]] QString title() const override { return tr("Tokenizer"); }
  [[nodiscard]] std::vector<QString> keys() const override;
  // Something that deserves a look although the run can start; empty: nothing.
  [[nodiscard]] QString warning() const;

 protected:
  void make(Parts& parts) override;
  void retranslate() override;
  void present() override;

 private:
  QListWidget* list_ = nullptr;
  QLabel* verdict_ = nullptr;
  ConfigForm* form_ = nullptr;
};

}  // namespace z2::ui
