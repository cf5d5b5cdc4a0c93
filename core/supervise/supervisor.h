#pragma once

// Keeps a run alive: starts the trainer, watches it, says in words why it ended, and starts it
// again when the run's configuration allows.
//
// Design goals: a run is never executed by two trainers (RUN/lock, and the lock that the trainer
// holds on its metrics); its death is noticed at once and written down; killing the supervisor
// harms nothing: the trainer goes on, and the next supervisor adopts it by pid and start time.
// Non-goal: several machines (core/parallel).

#include <chrono>
#include <filesystem>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "core/base/error.h"
#include "core/run/run_directory.h"

namespace z2 {

struct SupervisorOptions {
  std::filesystem::path trainer;                                      // the program z2all-train
  std::vector<std::pair<std::string, std::string>> environment = {};  // added to the trainer's
  bool waitsInQueue = false;
  std::string proof = {};  // of the checkpoint that it goes on from: ResumePoint's
  std::chrono::milliseconds saveGrace = std::chrono::minutes(10);  // for a stop to save its work
  std::chrono::milliseconds firstRestartDelay = std::chrono::seconds(1);
  double leastHangLimit = 60;         // s
  double startHangLimit = 600;        // s, before the first heartbeat
  std::function<void()> onTick = {};  // several times a second, for a live display
};

// Runs until the run has ended for good and returns its last status. SIGTERM, SIGINT and SIGHUP to
// this process stop the run and save; a second SIGINT, or SIGUSR1, ends it at once. The calling
// process should have one thread. Errors: the lock is held by another; the trainer cannot be
// started; files of the run cannot be written.
[[nodiscard]] Result<RunStatus> superviseRun(const RunDirectory& run,
                                             const SupervisorOptions& options);

}  // namespace z2
