#pragma once

// A run's curves as a file, so that millions of lines are parsed once. A cache: whatever is wrong
// with it, the lines are parsed again.

#include <filesystem>
#include <optional>

#include "core/base/error.h"
#include "core/run/metrics_reader.h"
#include "ui/charts/store/run_curves.h"

namespace z2::ui {

struct CachedCurves {
  RunCurves curves;
  MetricsPosition position;  // in the metrics file, from where reading goes on
};

// Writes `cache` anew (a temporary file, renamed). `metrics` is the file that was read up to
// `position`.
[[nodiscard]] Result<void> saveCurves(const std::filesystem::path& cache, const RunCurves& curves,
                                      const MetricsPosition& position,
                                      const std::filesystem::path& metrics);

// Empty when there is no cache, when it is damaged (checksum), or when it is not of the file that
// `metrics` is now: another inode, shorter than what was read, changed without having grown, or
// other bytes at sampled places. The columns stay in the mapped file.
[[nodiscard]] std::optional<CachedCurves> loadCurves(const std::filesystem::path& cache,
                                                     const std::filesystem::path& metrics);

}  // namespace z2::ui
