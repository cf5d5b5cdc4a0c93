#pragma once

// What is true about a run now: its status file checked against the processes that live, and
// against the checkpoints that are there.

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "core/base/error.h"
#include "core/io/json.h"
#include "core/run/run_directory.h"

namespace z2 {

struct RunReport {
  // state and error are corrected: a run whose processes are gone is crashed (lost, when it ran on
  // another machine and has been silent), never running.
  RunStatus status;
  bool isSupervised = false;              // a supervisor lives
  bool isTrainerAlive = false;            // the engine's process lives
  std::optional<double> heartbeatAge;     // seconds
  std::optional<int64_t> lastCheckpoint;  // step of the newest complete one
  bool isResumable = false;
  std::string resumeBlockedReason;  // in words, when it is not
  std::string importedFormat;       // of an imported run; empty for one of our own
};

// Quick: reads small files only. `run resume` verifies the checkpoint's bytes besides.
[[nodiscard]] Result<RunReport> inspectRun(const RunDirectory& run);
// The members of `run status --json`.
[[nodiscard]] Json toJson(const RunReport& report);

// Steps of RUN/ckpt/step_N, ascending; complete ones, that is those with a manifest.
[[nodiscard]] std::vector<int64_t> checkpointSteps(const std::filesystem::path& checkpoints);

}  // namespace z2
