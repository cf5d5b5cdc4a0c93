#pragma once

// Where a plan takes its settings from, and where they are kept: another run, a file, the defaults.

#include <QObject>

class QMenu;
class QPushButton;
class QWidget;

namespace z2::ui {

class NewRunPlan;
class Workbench;

class SettingsSources : public QObject {
  Q_OBJECT

 public:
  // `button` opens a menu of them; dialogs stand before `page`.
  SettingsSources(Workbench& workbench, NewRunPlan& plan, QPushButton* button, QWidget* page);

  // With a step also its weights.
  void cloneRun(const QString& run, const QString& step);
  void importFrom(const QString& file);
  void exportTo(const QString& file);
  void askWhereFrom();
  // `name`: of the file, as it is proposed.
  void askWhereTo(const QString& name);

 Q_SIGNALS:
  void cloned(const QString& wish);  // a name for the run

 private:
  void fill();

  Workbench& workbench_;
  NewRunPlan& plan_;
  QWidget* page_;
  QMenu* menu_;
};

}  // namespace z2::ui
