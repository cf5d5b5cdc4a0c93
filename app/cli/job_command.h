#pragma once

#include "app/cli/command.h"

namespace z2::cli {

// z2all job run FOLDER: keeps a job of the window (core/jobs/job_keeper.h). Not shown by --help.
void addJobCommand(CLI::App& app, Chosen& chosen);

}  // namespace z2::cli
