#include <chrono>
#include <cstdint>
#include <cstdio>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "app/cli/run/live_view.h"
#include "app/cli/run/run_command.h"
#include "core/base/progress.h"
#include "core/supervise/launcher.h"
#include "core/supervise/supervisor.h"

namespace z2::cli {

namespace {

struct ControlOptions {
  std::string folder;
  bool isForeground = false;
  bool waitsInQueue = false;
  bool isUrgent = false;
  bool asJson = false;
  std::string proof;  // ResumePoint's
  std::optional<int64_t> steps;
  std::vector<std::string> settings;
};

// The exit status of a foreground run is that of its engine.
Result<void> outcomeOf(const RunDirectory& run, const RunStatus& status) {
  if (status.state == RunState::kFinished) return {};
  if (status.state == RunState::kCreated)
    return interrupted(run.name() + " left the queue before it was started");
  if (status.state == RunState::kStopped)
    return interrupted(
        fmt::format("{} was stopped at step {} of {}{}; go on with: z2all run resume {}",
                    run.name(), status.step, status.steps,
                    status.error.empty() ? "" : " (" + status.error + ")", run.path().native()));
  const bool isInput = status.exitCode == 2 || status.exitCode == 3;
  if (isInput) return badInput(run.name(), status.error, "");
  return environmentError(
      run.name(),
      fmt::format("the run {} at step {}: {}", nameOf(status.state), status.step, status.error),
      "More is in " + run.log().native());
}

Result<void> superviseHere(const RunDirectory& run, const ControlOptions& control,
                           bool showsSteps) {
  Z2_TRY(SupervisorOptions options, defaultSupervisorOptions());
  options.waitsInQueue = control.waitsInQueue;
  options.proof = control.proof;
  std::optional<LiveView> view;
  if (showsSteps) {
    view.emplace(run);
    view->show();
    options.onTick = [&view] { view->show(); };
  }
  Z2_TRY(const RunStatus status, superviseRun(run, options));
  view.reset();
  return outcomeOf(run, status);
}

Result<void> begin(ControlOptions& options, StartKind kind) {
  Z2_TRY(RunDirectory run, RunDirectory::open(options.folder));
  const bool isChanged = options.steps || !options.settings.empty();
  if (isChanged) {
    Z2_TRY(const RunReport report, inspectRun(run));
    if (isActive(report.status.state))
      return badInput(run.path().native(), "a run cannot be changed while it is at work",
                      "Stop it first: z2all run stop " + run.path().native());
  }
  // Further steps may be what it lacks.
  if (!options.steps) Z2_TRY_VOID(checkStartable(run, kind));
  if (kind == StartKind::kResume) {
    Z2_TRY(ResumePoint point, findResumePoint(run));
    options.proof = std::move(point.proof);
  }
  // A run that cannot go on is refused as it was.
  if (isChanged) {
    Z2_TRY_VOID(run.change(options.settings));
    if (options.steps) Z2_TRY_VOID(run.extend(*options.steps));
    Z2_TRY_VOID(checkStartable(run, kind));
  }
  if (options.isForeground) {
    Z2_TRY_VOID(superviseHere(run, options, true));
    Z2_TRY(const RunReport last, inspectRun(run));
    printReport(run, last, options.asJson);
    return {};
  }
  // What keeps the engine from starting is better said here than in a log.
  Z2_TRY_VOID(defaultSupervisorOptions());
  Z2_TRY(const RunReport report, startDetached(run, options.waitsInQueue, options.proof));
  printReport(run, report, options.asJson);
  return {};
}

Result<void> stop(const ControlOptions& options) {
  Z2_TRY(const RunDirectory run, RunDirectory::open(options.folder));
  if (!options.isUrgent)
    std::fprintf(stderr, "stopping %s: it finishes its step and saves\n", run.name().c_str());
  Z2_TRY(const RunReport report, stopRun(run, options.isUrgent, [] { return !stopRequested(); }));
  printReport(run, report, options.asJson);
  return {};
}

void addCommon(CLI::App& command, const std::shared_ptr<ControlOptions>& options) {
  command.add_option("RUN", options->folder, "Directory of the run")->required();
  command.add_flag("--json", options->asJson, "Print the run's status as JSON");
}

void addBeginning(CLI::App& command, const std::shared_ptr<ControlOptions>& options) {
  addCommon(command, options);
  command.add_flag("--foreground", options->isForeground,
                   "Stay and show each step; Ctrl-C stops the run and saves");
  command.add_flag("--queue", options->waitsInQueue,
                   "Wait until no other run of the same folder is at work on this machine");
}

}  // namespace

void addRunStart(CLI::App& run, Chosen& chosen) {
  CLI::App* command =
      run.add_subcommand("start", "Start a run; it goes on when this terminal is closed");
  auto options = std::make_shared<ControlOptions>();
  addBeginning(*command, options);
  onChosen(*command, chosen, [options] { return begin(*options, StartKind::kStart); });
}

void addRunResume(CLI::App& run, Chosen& chosen) {
  CLI::App* command =
      run.add_subcommand("resume", "Go on with a run from its newest good checkpoint");
  auto options = std::make_shared<ControlOptions>();
  addBeginning(*command, options);
  command->add_option("--steps", options->steps, "Extend the run to this many steps");
  command
      ->add_option("--set", options->settings,
                   "KEY=VALUE that may change on resume (z2all run keys says which), for example "
                   "train.skip_steps=1200-1400; repeatable")
      ->allow_extra_args(false);
  onChosen(*command, chosen, [options] { return begin(*options, StartKind::kResume); });
}

void addRunStop(CLI::App& run, Chosen& chosen) {
  CLI::App* command = run.add_subcommand("stop", "Stop a run and wait until it has saved");
  auto options = std::make_shared<ControlOptions>();
  addCommon(*command, options);
  command->add_flag("--now", options->isUrgent,
                    "End it at once; the work since its last checkpoint is lost");
  onChosen(*command, chosen, [options] { return stop(*options); });
}

void addLaunchCommand(CLI::App& app, Chosen& chosen) {
  CLI::App* command = app.add_subcommand(
      "launch", "Supervise a run in this process: start its engine, watch it, restart it");
  auto options = std::make_shared<ControlOptions>();
  addCommon(*command, options);
  command->add_flag("--queue", options->waitsInQueue,
                    "Wait until no other run of the same folder is at work on this machine");
  command
      ->add_option("--verified", options->proof,
                   "What the starter found of the checkpoint when it verified it a moment ago")
      ->group("");  // a matter between the two programs
  onChosen(*command, chosen, [options]() -> Result<void> {
    Z2_TRY(const RunDirectory run, RunDirectory::open(options->folder));
    Z2_TRY(const RunReport before, inspectRun(run));
    const bool isFirst = before.status.state == RunState::kCreated;
    Z2_TRY_VOID(checkStartable(run, isFirst ? StartKind::kStart : StartKind::kResume));
    Z2_TRY_VOID(superviseHere(run, *options, false));
    Z2_TRY(const RunReport last, inspectRun(run));
    printReport(run, last, options->asJson);
    return {};
  });
}

}  // namespace z2::cli
