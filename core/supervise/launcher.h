#pragma once

// Starting and stopping runs as a person does it: from the command line or the window.

#include <functional>
#include <string>

#include "core/base/error.h"
#include "core/run/run_directory.h"
#include "core/run/run_report.h"
#include "core/supervise/supervisor.h"

namespace z2 {

// The trainer beside this program (or Z2_TRAINER), and the libraries that it is to be given.
[[nodiscard]] Result<SupervisorOptions> defaultSupervisorOptions();

// kBadInput, in words, when the run cannot be begun (start) or continued (resume) now. A resume
// verifies the newest checkpoint, every byte of it.
enum class StartKind { kStart, kResume };
[[nodiscard]] Result<void> checkStartable(const RunDirectory& run, StartKind kind);

// A supervisor as a process of its own (`z2all launch RUN`), which outlives this one. Returns when
// the engine runs, waits in the queue, or has ended; after `patience` seconds in any case. What
// made it fail at once is the error.
[[nodiscard]] Result<RunReport> startDetached(const RunDirectory& run, bool waitsInQueue,
                                              double patience = 10);

// Asks the run to stop and save (or, `isUrgent`, to end at once) and waits until it has.
// `stillWaiting` is called several times a second; false ends the waiting, not the stopping.
[[nodiscard]] Result<RunReport> stopRun(const RunDirectory& run, bool isUrgent,
                                        const std::function<bool()>& stillWaiting);

}  // namespace z2
