#pragma once

// The queue of a workspace: runs of one folder that wait for each other.

#include "core/base/error.h"
#include "core/run/run_directory.h"

namespace z2 {

// Whether `run`, which is queued, may start: no run beside it is at work on this machine, and none
// has waited longer (status.json's heartbeat is when it joined).
[[nodiscard]] Result<bool> isNextInQueue(const RunDirectory& run);

}  // namespace z2
