#include "core/supervise/run_queue.h"

#include <filesystem>
#include <system_error>
#include <utility>

#include "core/run/run_report.h"

namespace z2 {

Result<bool> isNextInQueue(const RunDirectory& run) {
  Z2_TRY(const RunStatus own, run.readStatus());
  const auto rank = [](const RunStatus& status, const RunDirectory& of) {
    return std::pair(status.heartbeat, of.name());
  };
  std::error_code failure;
  for (std::filesystem::directory_iterator entry(run.path().parent_path(), failure), end;
       !failure && entry != end; entry.increment(failure)) {
    if (entry->path() == run.path() || !RunDirectory::exists(entry->path())) continue;
    // A broken neighbour holds up nobody.
    const auto other = RunDirectory::open(entry->path());
    if (!other) continue;
    const auto report = inspectRun(*other);
    if (!report || !isActive(report->status.state)) continue;
    if (report->status.state != RunState::kQueued) return false;
    if (rank(report->status, *other) < rank(own, run)) return false;
  }
  return true;
}

}  // namespace z2
