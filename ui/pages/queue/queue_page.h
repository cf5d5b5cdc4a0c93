#pragma once

// Runs that wait for each other on this machine, and what is at work before them.

#include <QStringList>

#include "ui/pages/page.h"

class QLabel;
class QPushButton;
class QTreeWidget;

namespace z2::ui {

class QueuePage : public Page {
  Q_OBJECT

 public:
  explicit QueuePage(Workbench& workbench, QWidget* parent = nullptr);
  void select(const QStringList& names) override;
  [[nodiscard]] bool isSettled() const override;

  // Names of those that wait, in their order.
  [[nodiscard]] const QStringList& waiting() const { return waiting_; }

 protected:
  void retranslate() override;
  void showEvent(QShowEvent* event) override;

 private:
  void addButtons();
  void look();
  void showQueue();
  void showButtons();
  void move(int by);
  [[nodiscard]] QString chosen() const;

  QLabel* lead_;
  QTreeWidget* list_;
  QWidget* empty_;
  QLabel* emptyText_;
  QPushButton* emptyAction_;
  QPushButton* up_;
  QPushButton* down_;
  QPushButton* start_;
  QPushButton* remove_;
  QStringList waiting_;
  QString wanted_;  // to be selected when it is there
  bool isLooking_ = false;
  bool isDue_ = false;
  bool hasLooked_ = false;
};

}  // namespace z2::ui
