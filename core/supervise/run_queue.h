#pragma once

// The queue of a workspace: runs of one folder that wait for each other.
//
// Whoever joined first is first (status.json's heartbeat is when it joined), unless a person put
// them in another order, which stands in RUNS/.queue.json.

#include <filesystem>
#include <string>
#include <vector>

#include "core/base/error.h"
#include "core/run/run_directory.h"

namespace z2 {

// Whether `run`, which is queued, may start: no run beside it is at work on this machine, and none
// comes before it.
[[nodiscard]] Result<bool> isNextInQueue(const RunDirectory& run);

// Names of the runs of the folder that wait, in their order. A folder that is not there has none.
[[nodiscard]] std::vector<std::string> queuedRuns(const std::filesystem::path& runs);
// Those named come first, in this order; the others after them, as they joined. kBadInput where a
// name is not of a run that waits; then the order stays.
[[nodiscard]] Result<void> orderQueue(const std::filesystem::path& runs,
                                      const std::vector<std::string>& names);

}  // namespace z2
