#pragma once

// The banner above the page: what happened, what it means for the work, what to do, and a button
// where the program can do it. Several wait behind each other, the newest in front; good news
// leaves by itself.

#include <QFrame>
#include <QList>

#include "ui/base/notice.h"

class QLabel;
class QPushButton;
class QTimer;

namespace z2::ui {

class NoticeBanner : public QFrame {
  Q_OBJECT

 public:
  explicit NoticeBanner(QWidget* parent = nullptr);

  // One that says the same as one that waits replaces it.
  void show(const Notice& notice);
  void dismiss();
  [[nodiscard]] qsizetype count() const { return waiting_.size(); }
  [[nodiscard]] const Notice& current() const { return waiting_.last(); }

 protected:
  void changeEvent(QEvent* event) override;
  void keyPressEvent(QKeyEvent* event) override;

 private:
  void present();
  void act();

  QList<Notice> waiting_;  // the last is shown
  QLabel* icon_;
  QLabel* what_;
  QLabel* rest_;
  QLabel* more_;
  QPushButton* action_;
  QPushButton* close_;
  QTimer* leave_;
};

}  // namespace z2::ui
