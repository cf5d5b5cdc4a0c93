#include "core/supervise/launcher.h"

#include <chrono>
#include <csignal>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "core/base/engine_program.h"
#include "core/base/process.h"
#include "core/run/run_lock.h"

namespace z2 {

using std::chrono::milliseconds;

namespace {

constexpr milliseconds kPollInterval{50};

tl::unexpected<Error> failureOf(const RunReport& report, const RunDirectory& run) {
  const bool isInput = report.status.exitCode == 2 || report.status.exitCode == 3;
  Error error;
  error.code = isInput ? ErrorCode::kBadInput : ErrorCode::kEnvironment;
  error.where = run.path().native();
  error.what = fmt::format("the run {}: {}", nameOf(report.status.state), report.status.error);
  error.fix = "More is in " + run.log().native();
  return tl::unexpected(std::move(error));
}

bool hasFailed(const RunReport& report) {
  return report.status.state == RunState::kFailed || report.status.state == RunState::kCrashed;
}

// A run whose supervisor is dead: nobody would write its end, so it is done here.
Result<void> writeOrphansEnd(const RunDirectory& run, bool isUrgent) {
  Z2_TRY(const RunLock lock, RunLock::take(run.path()));
  Z2_TRY(RunStatus status, run.readStatus());
  if (!isActive(status.state)) return {};
  status.state = RunState::kStopped;
  status.error = isUrgent ? "it was killed on request; the work since its last checkpoint is lost"
                          : std::string();
  status.supervisor = {};
  status.trainer = {};
  Z2_TRY_VOID(run.writeStatus(status));
  return run.addEvent("ended", {{"attempt", status.attempt},
                                {"kind", isUrgent ? "killed" : "stopped"},
                                {"reason", status.error},
                                {"step", status.step}});
}

}  // namespace

Result<SupervisorOptions> defaultSupervisorOptions() {
  Z2_TRY(EngineProgram engine, findEngine());
  SupervisorOptions options;
  options.trainer = std::move(engine.path);
  options.environment = std::move(engine.environment);
  return options;
}

Result<void> checkStartable(const RunDirectory& run, StartKind kind) {
  const std::string where = run.path().native();
  Z2_TRY(const RunReport report, inspectRun(run));
  if (run.origin())
    return badInput(where, "the run cannot be trained: " + report.resumeBlockedReason,
                    "Make a run of your own: z2all run new --dir …");
  Z2_TRY_VOID(run.config().checkRequired());
  const RunState state = report.status.state;
  if (isActive(state) &&
      !(kind == StartKind::kResume && report.isTrainerAlive && !report.isSupervised))
    return badInput(
        where,
        fmt::format("the run is {} already (process {})", nameOf(state),
                    report.isSupervised ? report.status.supervisor.pid : report.status.trainer.pid),
        "Watch it with `z2all run tail --follow`, or end it with `z2all run stop`");
  if (kind == StartKind::kStart && state != RunState::kCreated)
    return badInput(where, fmt::format("the run was started before and is {}", nameOf(state)),
                    "Continue it with `z2all run resume`");
  if (kind == StartKind::kResume && !isActive(state) && !report.isResumable)
    return badInput(where, "the run cannot be resumed: " + report.resumeBlockedReason);
  return {};
}

Result<ResumePoint> findResumePoint(const RunDirectory& run) {
  ResumePoint point;
  Z2_TRY(const RunReport report, inspectRun(run));
  const std::vector<int64_t> steps = checkpointSteps(run.checkpoints());
  if (isActive(report.status.state) || steps.empty()) return point;
  for (auto step = steps.rbegin(); step != steps.rend(); ++step) {
    const auto folder = run.checkpoints() / fmt::format("step_{}", *step);
    auto proof = CheckpointStore::prove(folder);
    if (proof) {
      point.step = *step;
      point.proof = *std::move(proof);
      return point;
    }
    // One of another program's version is good, and must not be passed over.
    if (proof.error().code != ErrorCode::kCorrupt) return tl::unexpected(proof.error());
    point.damaged.push_back({folder, proof.error().text()});
  }
  // From here it would begin anew with random weights; whoever wants that says so with a new run.
  return corrupt(run.checkpoints().native(), "none of the run's checkpoints verifies",
                 "Bring a copy back, or begin anew: z2all run new --config " +
                     (run.path() / "run.json").native() + " --task … --dir …");
}

Result<RunReport> startDetached(const RunDirectory& run, bool waitsInQueue,
                                const std::string& proof, double patience,
                                const std::function<bool()>& stillWaiting) {
  Z2_TRY(const auto program, findSibling("z2all"));
  ProcessSpec spec{.program = program,
                   .arguments = {"launch", run.path().native()},
                   .output = run.log(),
                   .newSession = true};
  if (waitsInQueue) spec.arguments.emplace_back("--queue");
  if (!proof.empty()) spec.arguments.insert(spec.arguments.end(), {"--verified", proof});
  Z2_TRY(ChildProcess supervisor, ChildProcess::spawn(spec));
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::duration<double>(patience);
  while (true) {
    const bool hasEnded = supervisor.poll().has_value();
    Z2_TRY(const RunReport report, inspectRun(run));
    const bool isOurs = report.status.supervisor.pid == supervisor.id().pid;
    const bool isSettled = isOurs && (report.status.state == RunState::kRunning ||
                                      report.status.state == RunState::kQueued);
    if (hasEnded && hasFailed(report)) return failureOf(report, run);
    if (hasEnded && report.status.state == RunState::kCreated)
      return environmentError(run.path().native(), "the run's supervisor ended at once",
                              "More is in " + run.log().native());
    if (isSettled || hasEnded || std::chrono::steady_clock::now() > deadline || !stillWaiting())
      return report;
    std::this_thread::sleep_for(kPollInterval);
  }
}

Result<RunReport> stopRun(const RunDirectory& run, bool isUrgent,
                          const std::function<bool()>& stillWaiting) {
  Z2_TRY(RunReport report, inspectRun(run));
  if (!isActive(report.status.state))
    return badInput(run.path().native(),
                    fmt::format("the run is not running: it is {}", nameOf(report.status.state)));
  if (!report.isSupervised && !report.isTrainerAlive)
    return environmentError(run.path().native(),
                            "the run is at work on another machine, " + report.status.host,
                            "Stop it there");
  const bool isOrphan = !report.isSupervised;
  if (!isOrphan)
    ::kill(static_cast<pid_t>(report.status.supervisor.pid), isUrgent ? SIGUSR1 : SIGTERM);
  else if (isUrgent)
    endGroup(report.status.trainer, milliseconds(0));
  else
    signalGroup(report.status.trainer, SIGTERM);
  while (report.isSupervised || report.isTrainerAlive) {
    if (!stillWaiting()) return report;
    std::this_thread::sleep_for(kPollInterval);
    Z2_TRY(report, inspectRun(run));
  }
  if (isOrphan) Z2_TRY_VOID(writeOrphansEnd(run, isUrgent));
  return inspectRun(run);
}

}  // namespace z2
