#pragma once

// Runs side by side: where their configurations differ, and how far their metrics came.

#include <vector>

#include "core/base/error.h"
#include "core/io/json.h"
#include "core/run/run_directory.h"

namespace z2 {

// {"runs":[{"name","path","state","step","metrics":{name:{"last","last_step","min","min_step",
// "max","max_step"}}}], "differences":[{"key","values":[…]}]}, values in the order of `runs`, null
// where the task has no such key or an imported run does not tell it.
[[nodiscard]] Result<Json> compareRuns(const std::vector<RunDirectory>& runs);

}  // namespace z2
