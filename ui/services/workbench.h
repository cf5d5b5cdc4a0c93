#pragma once

// What the pages share, and how they talk to the window: each gets a Workbench& and nothing else.

#include <filesystem>

#include <QObject>
#include <QStringList>

#include "ui/base/notice.h"
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
  Workbench(const std::filesystem::path& workspace, Settings& settings, QObject* parent = nullptr);

  [[nodiscard]] const std::filesystem::path& workspace() const { return workspace_; }
  [[nodiscard]] std::filesystem::path runsFolder() const { return workspace_ / "runs"; }
  [[nodiscard]] std::filesystem::path dataFolder() const { return workspace_ / "data"; }
  [[nodiscard]] std::filesystem::path tokenizersFolder() const { return workspace_ / "tokenizers"; }
  [[nodiscard]] std::filesystem::path modelsFolder() const { return workspace_ / "models"; }
  [[nodiscard]] Settings& settings() { return settings_; }
  [[nodiscard]] RunWatcher& runs() { return runs_; }
  [[nodiscard]] MetricsHub& metrics() { return metrics_; }
  // Its notices are shown by themselves.
  [[nodiscard]] RunActions& actions() { return actions_; }
  [[nodiscard]] JobService& jobs() { return jobs_; }

  // Shows it in the banner above the page.
  void notify(const Notice& notice) { Q_EMIT noticed(notice); }
  // Goes to a page; `selection`: names of runs, or of what the page lists.
  void open(PageId page, const QStringList& selection = {}) { Q_EMIT opened(page, selection); }

 Q_SIGNALS:
  void noticed(const z2::ui::Notice& notice);
  void opened(z2::ui::PageId page, const QStringList& selection);

 private:
  std::filesystem::path workspace_;
  Settings& settings_;
  RunWatcher runs_;
  RunActions actions_;
  MetricsHub metrics_;
  JobService jobs_;
};

}  // namespace z2::ui
