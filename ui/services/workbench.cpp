#include "ui/services/workbench.h"

#include <system_error>

namespace z2::ui {

Workbench::Workbench(const std::filesystem::path& workspace, Settings& settings, QObject* parent)
    : QObject(parent),
      workspace_(workspace),
      settings_(settings),
      runs_(workspace),
      actions_(runsFolder(), runs_),
      jobs_(workspace) {
  std::error_code ignored;  // what cannot be made is told by the first action that needs it
  for (const auto& folder : {runsFolder(), dataFolder(), tokenizersFolder(), modelsFolder()})
    std::filesystem::create_directories(folder, ignored);
  const auto show = [this](const QString&, RunActions::Kind, const Notice& notice) {
    if (!notice.what.isEmpty()) notify(notice);
  };
  connect(&actions_, &RunActions::finished, this, show);
  connect(&actions_, &RunActions::failed, this, show);
  connect(&actions_, &RunActions::forked, this,
          [this](const QString&, const QString& name) { open(PageId::kRun, {name}); });
}

}  // namespace z2::ui
