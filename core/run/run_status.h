#pragma once

// status.json: what a run is doing, as its owner wrote it last.
//
// One writer at a time: the supervisor while no trainer runs, the trainer from its first breath to
// its exit. The trainer reads the file first, keeps what is not its own (pid, attempt, host), and
// writes state, step, steps, heartbeat, and at its end exitCode and error. The file alone does not
// tell whether anybody lives: see core/run/run_report.h.

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "core/base/error.h"
#include "core/base/process.h"
#include "core/io/json.h"

namespace z2 {

enum class RunState {
  kCreated,
  kQueued,
  kStarting,
  kRunning,
  kStopping,
  kStopped,
  kFinished,
  kFailed,   // the trainer gave a reason: bad input, a lacking machine, NaN
  kCrashed,  // it ended without one: a signal, a hang, a power cut
  kLost      // on another machine, and nothing was heard of it
};
[[nodiscard]] std::string_view nameOf(RunState state);
[[nodiscard]] Result<RunState> parseRunState(std::string_view name);
// Queued, starting, running, stopping: some process is at work on it.
[[nodiscard]] bool isActive(RunState state);

struct RunStatus {
  RunState state = RunState::kCreated;
  int64_t step = 0;  // optimizer steps done
  int64_t steps = 0;
  int attempt = 0;       // counts starts of the trainer, from 1
  ProcessId supervisor;  // "pid"; 0: none
  ProcessId trainer;     // "trainer_pid"; 0: none
  std::string host;
  double heartbeat = 0;  // Unix seconds of the last sign of progress; 0: none yet
  std::optional<int> exitCode;
  std::string error;  // in words; empty when there is none
};

[[nodiscard]] Json toJson(const RunStatus& status);
[[nodiscard]] Result<RunStatus> parseRunStatus(const Json& value, std::string_view where);
// A missing file is the status of a run that was just created.
[[nodiscard]] Result<RunStatus> readRunStatus(const std::filesystem::path& file);

[[nodiscard]] std::string hostName();
[[nodiscard]] double unixSeconds();

}  // namespace z2
