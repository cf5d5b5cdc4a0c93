#include "app/cli/run/run_command.h"

#include <cstdio>
#include <string>

#include <fmt/format.h>

#include "core/base/format.h"

namespace z2::cli {

void addRunCommand(CLI::App& app, Chosen& chosen) {
  CLI::App* run = app.add_subcommand("run", "Make, start, watch, stop and compare training runs");
  run->require_subcommand(1);
  addRunNew(*run, chosen);
  addRunFork(*run, chosen);
  addRunQueue(*run, chosen);
  addRunStart(*run, chosen);
  addRunResume(*run, chosen);
  addRunStop(*run, chosen);
  addRunStatus(*run, chosen);
  addRunTail(*run, chosen);
  addRunList(*run, chosen);
  addRunCompare(*run, chosen);
  addRunKeys(*run, chosen);
  addRunExport(*run, chosen);
  addRunImport(*run, chosen);
  addRunSample(*run, chosen);
}

void printReport(const RunDirectory& run, const RunReport& report, bool asJson) {
  if (asJson) {
    printJson(toJson(report));
    return;
  }
  const RunStatus& status = report.status;
  std::string text = fmt::format("{}: {}, step {} of {}", run.name(), nameOf(status.state),
                                 status.step, status.steps);
  if (status.attempt > 1) text += fmt::format(", attempt {}", status.attempt);
  if (report.isSupervised)
    text += fmt::format(", process {}", status.supervisor.pid);
  else if (report.isTrainerAlive)
    text += fmt::format(", process {} (its supervisor is gone; `z2all run resume` brings one back)",
                        status.trainer.pid);
  if (isActive(status.state) && report.heartbeatAge)
    text += fmt::format(", last sign of life {} ago", formatDuration(*report.heartbeatAge));
  if (report.lastCheckpoint) text += fmt::format("\n  checkpoint: step {}", *report.lastCheckpoint);
  if (!status.error.empty()) text += "\n  " + status.error;
  if (run.origin()) text += "\n  " + report.resumeBlockedReason;
  if (report.isResumable) text += "\n  it can be resumed: z2all run resume " + run.path().native();
  std::printf("%s\n", text.c_str());
}

}  // namespace z2::cli
