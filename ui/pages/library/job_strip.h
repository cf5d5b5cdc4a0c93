#pragma once

// The newest job of some kinds, live, on the page that started it: phase, bar, rate, time left,
// cancel. Hidden when none runs.

#include <QFrame>
#include <QStringList>

#include "ui/services/job_service.h"

class QLabel;
class QProgressBar;
class QPushButton;

namespace z2::ui {

class JobStrip : public QFrame {
  Q_OBJECT

 public:
  // `kinds`: of jobs, such as "tokenizer.train".
  JobStrip(JobService& jobs, const QStringList& kinds, QWidget* parent = nullptr);

 Q_SIGNALS:
  // A job of these kinds ended; it is still in the service.
  void ended(const z2::ui::Job& job);

 protected:
  void changeEvent(QEvent* event) override;

 private:
  void follow(const QString& id);
  void refresh();

  JobService& jobs_;
  QStringList kinds_;
  QLabel* title_;
  QLabel* state_;
  QProgressBar* bar_;
  QPushButton* cancel_;
  QString shown_;
};

}  // namespace z2::ui
