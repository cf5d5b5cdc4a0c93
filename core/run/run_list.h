#pragma once

// All runs of a folder, for tables.

#include <filesystem>
#include <string>
#include <vector>

#include "core/base/error.h"
#include "core/io/json.h"

namespace z2 {

// One object a run: "name", "path", "task", "created", the members of `run status`, and "loss",
// "valid_loss", "tok_s" as last recorded (null: never). Sorted by name. A directory that holds a
// broken run has "error" and no more than its name and path. `folder` is a folder of runs or a
// workspace (then its runs/).
[[nodiscard]] Result<std::vector<Json>> listRuns(const std::filesystem::path& folder);

// The last record of a metrics file, read from its end; null when there is none.
[[nodiscard]] Json lastMetrics(const std::filesystem::path& metricsFile);

}  // namespace z2
