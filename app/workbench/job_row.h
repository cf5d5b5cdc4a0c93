#pragma once

#include <QWidget>

#include "ui/services/job_service.h"

class QLabel;
class QProgressBar;
class QPushButton;

namespace z2::ui {

// A job that is at work, on one line.
class JobRow : public QWidget {
  Q_OBJECT

 public:
  explicit JobRow(QWidget* parent = nullptr);
  void setJob(const Job& job);

 Q_SIGNALS:
  void cancelled();

 private:
  QLabel* title_;
  QLabel* phase_;
  QProgressBar* bar_;
  QLabel* percent_;
  QLabel* rate_;
  QLabel* left_;
  QPushButton* cancel_;
};

}  // namespace z2::ui
