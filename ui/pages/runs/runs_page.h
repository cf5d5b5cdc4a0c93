#pragma once

// All runs of the workspace: a table, and the selected run beside it.

#include "ui/pages/page.h"

class QCheckBox;
class QLabel;
class QLineEdit;
class QPushButton;
class QSplitter;
class QStackedWidget;

namespace z2::ui {

class EmptyState;
class ImportMenu;
class RunPane;
class RunFilterModel;
class RunTable;
class RunTableModel;

class RunsPage : public Page {
  Q_OBJECT

 public:
  explicit RunsPage(Workbench& workbench, QWidget* parent = nullptr);
  void select(const QStringList& names) override;
  [[nodiscard]] bool isSettled() const override;

 protected:
  void retranslate() override;
  void resizeEvent(QResizeEvent* event) override;

 private:
  void layFrame();
  void connectFrame();
  void makePane();
  void makeEmpty();
  void showState();
  void showEmpty();
  void sayEmpty();
  void showSelection();
  void applySearch(const QString& text);
  void compare();

  RunTableModel* runs_;
  RunFilterModel* filter_;
  QStackedWidget* stack_;
  QSplitter* splitter_;
  QWidget* left_;
  QStackedWidget* tables_;
  RunTable* table_;
  QWidget* right_;
  RunPane* details_ = nullptr;  // it and what follows are made in parts
  EmptyState* empty_ = nullptr;
  EmptyState* noMatch_ = nullptr;
  QLineEdit* search_;
  QPushButton* compare_;
  QPushButton* import_;
  ImportMenu* importMenu_;
  QPushButton* new_;
  QCheckBox* archived_;
  QLabel* count_;
  QStringList wanted_;  // to be selected when the runs are known
};

}  // namespace z2::ui
