#pragma once

// One run, looked at again and again by one worker thread.

#include <cstdint>
#include <filesystem>
#include <optional>

#include "core/run/run_directory.h"
#include "ui/services/metrics_glance.h"
#include "ui/services/run_summary.h"

namespace z2::ui {

class RunLook {
 public:
  explicit RunLook(std::filesystem::path path);

  // Reads what may have changed. Whether the summary differs from before.
  bool look();
  [[nodiscard]] const RunSummary& summary() const { return summary_; }

 private:
  // Times of the last change in nanoseconds; 0: not there.
  struct Stamp {
    int64_t folder = 0, checkpoints = 0;
    bool operator==(const Stamp&) const = default;
  };

  [[nodiscard]] RunSummary read();
  [[nodiscard]] bool mustRead(const Stamp& stamp) const;

  const std::filesystem::path path_;
  std::optional<RunDirectory> run_;
  int64_t configTime_ = -1;
  Stamp stamp_;
  int64_t readAt_ = 0;
  bool isLive_ = true;  // the first look reads
  MetricsGlance glance_;
  RunSummary summary_;
};

}  // namespace z2::ui
