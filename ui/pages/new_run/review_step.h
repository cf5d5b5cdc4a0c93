#pragma once

// What the run will be and cost, before it is made.

#include "ui/pages/new_run/plan_step.h"

class QGridLayout;
class QLineEdit;
class QPlainTextEdit;
class QPushButton;

namespace z2::ui {

class FitChoice;
class MemoryBar;

class ReviewStep : public PlanStep {
  Q_OBJECT

 public:
  ReviewStep(Workbench& workbench, NewRunPlan& plan, QWidget* parent);
  [[nodiscard]] QString title() const override { return tr("Review"); }
  [[nodiscard]] std::vector<QString> keys() const override { return {}; }

  [[nodiscard]] QString name() const;
  void setName(const QString& name);
  // Why the run cannot be made with this name; empty: it can.
  [[nodiscard]] QString nameProblem() const;

 Q_SIGNALS:
  void nameChanged();

 protected:
  void make(Parts& parts) override;
  void retranslate() override;
  void present() override;

 private:
  struct Figure {
    QLabel* label;
    QLabel* value;
    QLabel* note;
  };
  Figure addFigure(const char* name, QGridLayout& grid);
  void showModel();
  void showMemory();
  void showTime();
  void showDisk();
  void showCommand();
  [[nodiscard]] bool isOnGpu() const;

  QLabel* nameLabel_;
  QLineEdit* name_;
  QLabel* nameProblem_;
  QLabel* problems_ = nullptr;
  FitChoice* fit_ = nullptr;
  QLabel* notes_ = nullptr;
  Figure parameters_ = {};
  Figure tokens_ = {};
  Figure time_ = {};
  Figure disk_ = {};
  Figure memory_ = {};
  MemoryBar* bar_ = nullptr;
  QLabel* commandLabel_ = nullptr;
  QPlainTextEdit* command_ = nullptr;
  QPushButton* copy_ = nullptr;
};

}  // namespace z2::ui
