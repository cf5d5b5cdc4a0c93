#pragma once

// The jobs at work, above the status line of every page: name, phase, rate, time left, a button to
// cancel. Hidden while there are none. What an earlier window began stands here as well.

#include <QFrame>
#include <QMap>
#include <QString>

#include "ui/services/job_service.h"

class QLabel;
class QVBoxLayout;

namespace z2::ui {

class JobRow;

class JobBar : public QFrame {
  Q_OBJECT

 public:
  explicit JobBar(JobService& jobs, QWidget* parent = nullptr);

 protected:
  void changeEvent(QEvent* event) override;

 private:
  void follow(const QString& id);
  void arrange();

  JobService& jobs_;
  QVBoxLayout* rows_;
  QLabel* more_;
  QMap<QString, JobRow*> shown_;  // by id, which sorts by time
};

}  // namespace z2::ui
