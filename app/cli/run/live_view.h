#pragma once

// A run in the foreground: a line for each step.

#include <cstdint>
#include <optional>
#include <string>

#include "core/base/progress.h"
#include "core/run/metrics_reader.h"
#include "core/run/run_directory.h"

namespace z2::cli {

// Call show() several times a second. On a terminal the last line is rewritten in place while
// nothing but steps come; elsewhere each step is a line, or a line of progress as JSON where that
// is asked for (core/base/progress.h). Writes to standard error.
class LiveView {
 public:
  explicit LiveView(const RunDirectory& run);
  ~LiveView();
  LiveView(const LiveView&) = delete;
  LiveView& operator=(const LiveView&) = delete;

  void show();

 private:
  [[nodiscard]] std::string lineOf(const MetricsRow& row) const;
  void showRow(const MetricsRow& row);

  MetricsReader reader_;
  const int64_t steps_;
  const bool isTerminal_;
  bool isLineOpen_ = false;
  bool isPast_ = true;  // rows of earlier attempts are not shown again
  int64_t furthest_ = 0;
  const bool tellsProgress_;
  std::optional<Progress> progress_;
};

}  // namespace z2::cli
