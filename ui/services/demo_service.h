#pragma once

// The first model of a newcomer: `z2all demo` as a job of the workspace, and the run that comes of
// it.

#include <QObject>
#include <QString>

#include "core/demo/demo_plan.h"
#include "ui/services/job_service.h"
#include "ui/services/run_watcher.h"

namespace z2::ui {

class DemoService : public QObject {
  Q_OBJECT

 public:
  DemoService(const Workspace& workspace, JobService& jobs, const RunWatcher& runs,
              QObject* parent = nullptr);

  // In the language of the window. Nothing while one is at work.
  void start();
  // Its job; null when none is at work. It may be one that an earlier window began.
  [[nodiscard]] const Job* job() const { return jobs_.running(kind()); }
  // About how long it takes on this computer, from its processor's clock; whole minutes.
  [[nodiscard]] static double usualSeconds();
  [[nodiscard]] static QString kind() { return QStringLiteral("demo"); }

 Q_SIGNALS:
  void changed();                         // it was begun, went on, or is over
  void runAppeared(const QString& name);  // of a start in this window, once

 private:
  [[nodiscard]] DemoPlan plan() const;
  void lookForRun();

  const Workspace workspace_;
  JobService& jobs_;
  const RunWatcher& runs_;
  QString awaited_;  // the run that is still to appear
};

}  // namespace z2::ui
