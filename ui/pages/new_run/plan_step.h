#pragma once

// One step of the wizard.

#include <vector>

#include <QVBoxLayout>
#include <QWidget>

class QLabel;

namespace z2::ui {

class NewRunPlan;
class Workbench;

class PlanStep : public QWidget {
  Q_OBJECT

 public:
  PlanStep(Workbench& workbench, NewRunPlan& plan, QWidget* parent);

  [[nodiscard]] virtual QString title() const = 0;
  // Beginnings of the keys that this step answers for.
  [[nodiscard]] virtual std::vector<QString> keys() const = 0;
  // Takes over what the plan's last check found.
  virtual void showPlan() = 0;

 protected:
  virtual void retranslate() = 0;
  void changeEvent(QEvent* event) override;
  void showEvent(QShowEvent* event) override;

  [[nodiscard]] Workbench& workbench() const { return workbench_; }
  [[nodiscard]] NewRunPlan& plan() const { return plan_; }
  // Scrolls where it does not fit. What stands in it is best made as a child of inside(): style
  // sheets are read anew for whatever changes its parent.
  [[nodiscard]] QVBoxLayout* column() const { return column_; }
  [[nodiscard]] QWidget* inside() const { return inside_; }
  void setLead(const QString& text);  // the sentence at the top

 private:
  Workbench& workbench_;
  NewRunPlan& plan_;
  QLabel* lead_;
  QWidget* inside_;
  QVBoxLayout* column_;
  bool hasTexts_ = false;
};

}  // namespace z2::ui
