#include "ui/services/run_trash.h"

#include <string>
#include <system_error>

#include "core/io/files.h"
#include "core/run/run_report.h"

namespace z2::ui {

namespace fs = std::filesystem;

Result<fs::path> moveToTrash(const fs::path& run, const fs::path& trash) {
  // A run that cannot be read has nobody at work on it.
  if (const auto directory = RunDirectory::open(run)) {
    Z2_TRY(const RunReport report, inspectRun(*directory));
    if (isActive(report.status.state) || report.isSupervised || report.isTrainerAlive)
      return badInput(run.filename().native(),
                      "this run is " + std::string(nameOf(report.status.state)),
                      "Stop it first, then delete it");
  }
  Z2_TRY_VOID(makeFolders(trash));
  std::string when = utcNow();
  std::erase(when, ':');
  const std::string name = run.filename().native() + "." + when;
  std::error_code failure;
  fs::path target = trash / name;
  for (int n = 2; fs::exists(target, failure); ++n)
    target = trash / (name + "-" + std::to_string(n));
  fs::rename(run, target, failure);
  if (failure) return systemError(failure.value(), "moving", run.native());
  return target;
}

Result<void> takeFromTrash(const fs::path& trashed, const fs::path& run) {
  std::error_code failure;
  if (fs::exists(run, failure))
    return badInput(run.filename().native(), "a run of this name stands there by now",
                    "Rename that run's folder, or move " + trashed.native() + " by hand");
  fs::rename(trashed, run, failure);
  if (failure) return systemError(failure.value(), "moving back", trashed.native());
  return {};
}

}  // namespace z2::ui
