#pragma once

// z2all run …, z2all launch: training runs from their making to their comparison.

#include <string>

#include <CLI/App.hpp>

#include "app/cli/command.h"
#include "core/run/run_report.h"

namespace z2::cli {

void addRunCommand(CLI::App& app, Chosen& chosen);
void addLaunchCommand(CLI::App& app, Chosen& chosen);

// The parts of `run`, one file each.
void addRunNew(CLI::App& run, Chosen& chosen);
void addRunFork(CLI::App& run, Chosen& chosen);
void addRunQueue(CLI::App& run, Chosen& chosen);
void addRunStart(CLI::App& run, Chosen& chosen);
void addRunResume(CLI::App& run, Chosen& chosen);
void addRunStop(CLI::App& run, Chosen& chosen);
void addRunStatus(CLI::App& run, Chosen& chosen);
void addRunTail(CLI::App& run, Chosen& chosen);
void addRunList(CLI::App& run, Chosen& chosen);
void addRunCompare(CLI::App& run, Chosen& chosen);
void addRunKeys(CLI::App& run, Chosen& chosen);
void addRunExport(CLI::App& run, Chosen& chosen);
void addRunImport(CLI::App& run, Chosen& chosen);
void addRunSample(CLI::App& run, Chosen& chosen);

// Standard output: the report as JSON, or a few lines for people.
void printReport(const RunDirectory& run, const RunReport& report, bool asJson);

}  // namespace z2::cli
