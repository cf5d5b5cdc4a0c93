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
  using PlanStep::PlanStep;
  [[nodiscard]] QString title() const override { return tr("Data"); }
  [[nodiscard]] std::vector<QString> keys() const override;

 protected:
  void make(Parts& parts) override;
  void retranslate() override;
  void present() override;
  void resizeEvent(QResizeEvent* event) override;

 private:
  void showSets();
  void hideColumns();

  QTreeWidget* sets_ = nullptr;
  QLabel* none_ = nullptr;
  QPushButton* make_ = nullptr;
  QPushButton* look_ = nullptr;
  ConfigForm* form_ = nullptr;
  QStringList shownSets_;
};

}  // namespace z2::ui
