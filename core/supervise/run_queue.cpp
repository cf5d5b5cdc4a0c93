#include "core/supervise/run_queue.h"

#include <algorithm>
#include <cstddef>
#include <filesystem>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include "core/io/json.h"
#include "core/run/run_report.h"

namespace z2 {

namespace fs = std::filesystem;

namespace {

constexpr const char* kOrderFile = ".queue.json";

// An order that cannot be read is none: the queue must not stand still for it.
std::vector<std::string> readOrder(const fs::path& runs) {
  std::vector<std::string> names;
  std::error_code ignored;
  if (!fs::exists(runs / kOrderFile, ignored)) return names;
  const auto content = readJsonFile(runs / kOrderFile);
  if (!content || !content->is_object() || !content->contains("order")) return names;
  for (const Json& name : (*content)["order"])
    if (name.is_string()) names.push_back(name.get<std::string>());
  return names;
}

struct Rank {
  size_t place = 0;  // in the order; behind it for those that are not in it
  double since = 0;
  std::string name;
  friend auto operator<=>(const Rank&, const Rank&) = default;
};

Rank rankOf(const std::vector<std::string>& order, const RunStatus& status, std::string name) {
  const auto found = std::find(order.begin(), order.end(), name);
  return {static_cast<size_t>(found - order.begin()), status.heartbeat, std::move(name)};
}

}  // namespace

Result<bool> isNextInQueue(const RunDirectory& run) {
  Z2_TRY(const RunStatus own, run.readStatus());
  const std::vector<std::string> order = readOrder(run.path().parent_path());
  const Rank ownRank = rankOf(order, own, run.name());
  std::error_code failure;
  for (fs::directory_iterator entry(run.path().parent_path(), failure), end;
       !failure && entry != end; entry.increment(failure)) {
    if (entry->path() == run.path() || !RunDirectory::exists(entry->path())) continue;
    // A broken neighbour holds up nobody.
    const auto other = RunDirectory::open(entry->path());
    if (!other) continue;
    const auto report = inspectRun(*other);
    if (!report || !isActive(report->status.state)) continue;
    if (report->status.state != RunState::kQueued) return false;
    if (rankOf(order, report->status, other->name()) < ownRank) return false;
  }
  return true;
}

std::vector<std::string> queuedRuns(const fs::path& runs) {
  const std::vector<std::string> order = readOrder(runs);
  std::vector<Rank> waiting;
  std::error_code failure;
  for (fs::directory_iterator entry(runs, failure), end; !failure && entry != end;
       entry.increment(failure)) {
    if (!RunDirectory::exists(entry->path())) continue;
    const auto run = RunDirectory::open(entry->path());
    if (!run) continue;
    const auto report = inspectRun(*run);
    if (report && report->status.state == RunState::kQueued)
      waiting.push_back(rankOf(order, report->status, run->name()));
  }
  std::sort(waiting.begin(), waiting.end());
  std::vector<std::string> names;
  for (Rank& rank : waiting) names.push_back(std::move(rank.name));
  return names;
}

Result<void> orderQueue(const fs::path& runs, const std::vector<std::string>& names) {
  const std::vector<std::string> waiting = queuedRuns(runs);
  for (const std::string& name : names)
    if (std::find(waiting.begin(), waiting.end(), name) == waiting.end())
      return badInput(name, "no run of this name waits in the queue",
                      "`z2all run queue` lists those that do");
  return writeJsonFile(runs / kOrderFile, {{"order", names}});
}

}  // namespace z2
