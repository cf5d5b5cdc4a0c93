#pragma once

// Of the review: the samples to look at, and the leave to go on where too many do not fit.

#include <QWidget>

class QPushButton;

namespace z2::ui {

class LeaveChoice;
class NewRunPlan;

class FitChoice : public QWidget {
  Q_OBJECT

 public:
  FitChoice(NewRunPlan& plan, QWidget* parent);
  void showPlan();

 protected:
  void changeEvent(QEvent* event) override;

 private:
  void retranslate();
  void decide();

  NewRunPlan& plan_;
  LeaveChoice* leave_;
  QPushButton* look_;
};

}  // namespace z2::ui
