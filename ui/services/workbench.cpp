#include "ui/services/workbench.h"

#include "core/run/workspace.h"

namespace z2::ui {

Workbench::Workbench(const std::filesystem::path& workspace, Settings& settings, QObject* parent)
    : QObject(parent),
      workspace_(workspace),
      settings_(settings),
      runs_(workspace),
      actions_(runsFolder(), runs_),
      jobs_(workspace) {
  // What cannot be made is told by the first action that needs it.
  [[maybe_unused]] const Result<void> made = Workspace(workspace).make();
  const auto show = [this](const QString&, RunActions::Kind, const Notice& notice) {
    if (!notice.what.isEmpty()) notify(notice);
  };
  connect(&actions_, &RunActions::finished, this, show);
  connect(&actions_, &RunActions::failed, this, show);
  connect(&actions_, &RunActions::forked, this,
          [this](const QString&, const QString& name) { open(PageId::kRun, {name}); });
}

}  // namespace z2::ui
