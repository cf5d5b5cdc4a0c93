#pragma once

// The metrics of a run for other programs.

#include <cstdint>
#include <filesystem>
#include <vector>

#include "core/base/error.h"
#include "core/run/run_directory.h"

namespace z2 {

struct ExportReport {
  std::vector<std::filesystem::path> files;
  uint64_t rows = 0;
  uint64_t values = 0;
};

// One event file an attempt in `folder`, which must not exist or be empty. Names of metrics are
// tags as they are (an imported run's under the names that its source gave them), the row's time is
// the wall time. TensorBoard keeps fp32 numbers. A number that was not finite is NaN.
[[nodiscard]] Result<ExportReport> exportEventFiles(const RunDirectory& run,
                                                    const std::filesystem::path& folder);

// A table with a header: step, attempt, time, then a column a metric; every row of metrics.jsonl,
// those that a later attempt superseded as well. An empty cell: not recorded; "nan": not finite.
// Replaces no file that is there.
[[nodiscard]] Result<ExportReport> exportCsv(const RunDirectory& run,
                                             const std::filesystem::path& file);

}  // namespace z2
