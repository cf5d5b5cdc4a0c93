#pragma once

// One step of the wizard. Its constructor makes the frame; what stands in it is made later.

#include <vector>

#include <QVBoxLayout>
#include <QWidget>

class QLabel;

namespace z2::ui {

class NewRunPlan;
class Parts;
class Workbench;

class PlanStep : public QWidget {
  Q_OBJECT

 public:
  PlanStep(Workbench& workbench, NewRunPlan& plan, QWidget* parent);

  [[nodiscard]] virtual QString title() const = 0;
  // Beginnings of the keys that this step answers for.
  [[nodiscard]] virtual std::vector<QString> keys() const = 0;
  // Makes what stands in it, in parts. Once.
  void build(Parts& parts);
  // Takes over what the plan's last check found, where the step is built and seen.
  void showPlan();
  // It scrolls, so the page need not know how high its fields are; they are measured when it is
  // seen.
  [[nodiscard]] QSize sizeHint() const override { return minimumSizeHint(); }
  [[nodiscard]] bool hasHeightForWidth() const override { return false; }

 protected:
  // What stands in the step, or its first part; what is added to `parts` comes right behind it.
  virtual void make(Parts& parts) = 0;
  virtual void retranslate() = 0;
  virtual void present() = 0;  // the plan
  [[nodiscard]] bool isBuilt() const { return isBuilt_; }
  void changeEvent(QEvent* event) override;
  void showEvent(QShowEvent* event) override;

  [[nodiscard]] Workbench& workbench() const { return workbench_; }
  [[nodiscard]] NewRunPlan& plan() const { return plan_; }
  // Scrolls where it does not fit. What stands in it is best made as a child of inside(): style
  // sheets are read anew for whatever changes its parent.
  [[nodiscard]] QVBoxLayout* column() const { return column_; }
  [[nodiscard]] QWidget* inside() const { return inside_; }
  void setLead(const QString& text);  // the sentence at the top
  void addHead(QLayout* row);         // beneath it; does not scroll

 private:
  Workbench& workbench_;
  NewRunPlan& plan_;
  QLabel* lead_;
  QWidget* inside_;
  QVBoxLayout* outer_ = nullptr;
  QVBoxLayout* column_;
  bool isBuilt_ = false;
  bool hasTexts_ = false;
};

}  // namespace z2::ui
