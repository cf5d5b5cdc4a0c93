#pragma once

// What the pages share, and how they talk to the window: each gets a Workbench& and nothing else.

#include <QObject>
#include <QStringList>

#include "core/run/workspace.h"
#include "ui/base/notice.h"
#include "ui/services/demo_service.h"
#include "ui/services/job_service.h"
#include "ui/services/page_id.h"
#include "ui/services/run_actions.h"
#include "ui/services/run_metrics.h"
#include "ui/services/run_watcher.h"
#include "ui/services/settings.h"

namespace z2::ui {

// Lives in the GUI thread, longer than every page.
class Workbench : public QObject {
  Q_OBJECT

 public:
  // Makes the workspace's folders when they are missing.
  Workbench(Workspace workspace, Settings& settings, QObject* parent = nullptr);

  [[nodiscard]] const Workspace& workspace() const { return workspace_; }
  [[nodiscard]] Settings& settings() { return settings_; }
  [[nodiscard]] RunWatcher& runs() { return runs_; }
  [[nodiscard]] MetricsHub& metrics() { return metrics_; }
  // Its notices are shown by themselves.
  [[nodiscard]] RunActions& actions() { return actions_; }
  // How its jobs end is told by itself.
  [[nodiscard]] JobService& jobs() { return jobs_; }
  [[nodiscard]] DemoService& demo() { return demo_; }

  // Shows it in the banner above the page.
  void notify(const Notice& notice) { Q_EMIT noticed(notice); }
  // Goes to a page; `selection`: names of runs, or of what the page lists.
  void open(PageId page, const QStringList& selection = {}) { Q_EMIT opened(page, selection); }

 Q_SIGNALS:
  void noticed(const z2::ui::Notice& notice);
  void opened(z2::ui::PageId page, const QStringList& selection);

 private:
  void tellEnd(const QString& job);

  const Workspace workspace_;
  Settings& settings_;
  RunWatcher runs_;
  RunActions actions_;
  MetricsHub metrics_;
  JobService jobs_;
  DemoService demo_;
};

}  // namespace z2::ui
