#pragma once

// The table of runs: sorted, marked with Space, renamed in place, with a menu of what can be done.

#include <QHash>
#include <QStringList>
#include <QTableView>

#include "ui/services/workbench.h"

namespace z2::ui {

class RunEdits;
class RunFilterModel;
class RunTableModel;

class RunTable : public QTableView {
  Q_OBJECT

 public:
  // `filter` shows `runs`; both outlive the table.
  RunTable(Workbench& workbench, RunTableModel& runs, RunFilterModel& filter,
           QWidget* parent = nullptr);

  // Names of directories.
  [[nodiscard]] QStringList selected() const;
  [[nodiscard]] QString current() const;
  // Adds those that are known to the selection; the last of them becomes the current one.
  void choose(const QStringList& names);
  void openCurrent();

 Q_SIGNALS:
  void selectionMoved();

 protected:
  void keyPressEvent(QKeyEvent* event) override;
  void resizeEvent(QResizeEvent* event) override;
  void showEvent(QShowEvent* event) override;

 private:
  void fitName();
  void fitSoon();
  [[nodiscard]] int widthOfName(const QString& name);
  void openMenu(const QPoint& position);
  void toggleMark();
  void editName();
  void editTags();
  [[nodiscard]] bool handleKey(int key, Qt::KeyboardModifiers modifiers);

  Workbench& workbench_;
  RunTableModel& runs_;
  RunFilterModel& filter_;
  RunEdits* edits_;
  QHash<QString, int> nameWidths_;  // of those seen: measuring a thousand takes time
  bool isFitting_ = false;
  bool isFitDue_ = false;
};

}  // namespace z2::ui
