#pragma once

// Starting and stopping runs as a person does it: from the command line or the window.

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "core/base/error.h"
#include "core/checkpoint/checkpoint_store.h"
#include "core/run/run_directory.h"
#include "core/run/run_report.h"
#include "core/supervise/supervisor.h"

namespace z2 {

// The trainer beside this program (or Z2_TRAINER), and the libraries that it is to be given.
[[nodiscard]] Result<SupervisorOptions> defaultSupervisorOptions();

// kBadInput, in words, when the run cannot be begun (start) or continued (resume) now. Reads no
// checkpoint; see findResumePoint.
enum class StartKind { kStart, kResume };
[[nodiscard]] Result<void> checkStartable(const RunDirectory& run, StartKind kind);

// Where a resume of the run would begin; verifies every byte and changes nothing, so that a run
// without a good checkpoint is refused as it is. A run that is still at work (its supervisor alone
// has died) is not read: its engine goes on where it is.
struct ResumePoint {
  std::optional<int64_t> step = {};  // empty: nothing will be loaded
  std::string proof = {};            // of that checkpoint, for the engine to begin at once
  std::vector<DamagedCheckpoint> damaged = {};  // newer ones that do not verify
};
// kCorrupt when there are checkpoints and none verifies.
[[nodiscard]] Result<ResumePoint> findResumePoint(const RunDirectory& run);

// A supervisor as a process of its own (`z2all launch RUN`), which outlives this one. Returns when
// the engine runs, waits in the queue, or has ended; after `patience` seconds in any case, and when
// `stillWaiting` says false. What made it fail at once is the error. `proof`: ResumePoint's.
[[nodiscard]] Result<RunReport> startDetached(
    const RunDirectory& run, bool waitsInQueue, const std::string& proof = {}, double patience = 10,
    const std::function<bool()>& stillWaiting = [] { return true; });

// Asks the run to stop and save (or, `isUrgent`, to end at once) and waits until it has.
// `stillWaiting` is called several times a second; false ends the waiting, not the stopping.
[[nodiscard]] Result<RunReport> stopRun(const RunDirectory& run, bool isUrgent,
                                        const std::function<bool()>& stillWaiting);

}  // namespace z2
