#pragma once

// Keeps a job: a small process between the window and the work, so that how the work ended is
// written down whether or not a window is there to see it.

#include <filesystem>

#include "core/base/error.h"
#include "core/base/process.h"
#include "core/jobs/job_folder.h"

namespace z2 {

// `z2all job run FOLDER` in this process: runs the job's command with Z2_PROGRESS=json as a child
// that a killed keeper takes with it, passes SIGINT and SIGTERM on as SIGINT, ends the child for
// good at SIGUSR1, and writes end.json. Space for the last words and for end.json is set aside
// before the work begins, so that they can be written to a disk that the work has filled.
[[nodiscard]] Result<void> keepJob(const JobFolder& job);

// Starts `z2all job run` detached from this process, and writes who it is before it begins. The
// returned child should be polled, so that it is waited for when it ends.
[[nodiscard]] Result<ChildProcess> startJob(const JobFolder& job, const JobSpec& spec);

// SIGINT to the work; `isUrgent`: SIGKILL. Nothing when the keeper is gone.
void cancelJob(const JobFolder& job, bool isUrgent);

}  // namespace z2
