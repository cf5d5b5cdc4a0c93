#include "core/supervise/supervisor.h"

#include <chrono>
#include <csignal>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "core/base/format.h"
#include "core/base/process.h"
#include "core/run/engine_log.h"
#include "core/run/run_lock.h"
#include "core/run/run_report.h"
#include "core/supervise/exit_reason.h"
#include "core/supervise/heartbeat_watch.h"
#include "core/supervise/restart_policy.h"
#include "core/supervise/run_queue.h"
#include "core/supervise/signal_inbox.h"

namespace z2 {

namespace fs = std::filesystem;
using std::chrono::milliseconds;
using Clock = std::chrono::steady_clock;

namespace {

constexpr milliseconds kTick{100};
constexpr milliseconds kLookInterval{500};
constexpr milliseconds kQueueInterval{2000};
constexpr milliseconds kKillGrace{5000};
constexpr int kTailLines = 3;

double steadySeconds() {
  return std::chrono::duration<double>(Clock::now().time_since_epoch()).count();
}

class Supervisor {
 public:
  Supervisor(const RunDirectory& run, const SupervisorOptions& options, RunLock lock,
             std::shared_ptr<spdlog::logger> log)
      : run_(run),
        options_(options),
        lock_(std::move(lock)),
        log_(std::move(log)),
        proof_(options.proof),
        policy_({.maxRestarts = run.config().integer("train.max_restarts"),
                 .restartOnNan = run.config().flag("train.restart_on_nan"),
                 .firstDelay = options.firstRestartDelay}),
        watch_(run.config().real("train.hang_timeout_s"), options.leastHangLimit,
               options.startHangLimit) {}

  Result<RunStatus> run();

 private:
  Result<bool> waitInQueue();
  Result<void> startTrainer();
  Result<void> adoptTrainer();
  Result<ExitReason> watchTrainer();
  std::optional<ProcessEnd> endOfTrainer();
  Result<std::optional<ExitReason>> lookAtHeartbeat();
  void answerSignals(milliseconds wait);
  ExitReason explain(const ProcessEnd& end) const;
  Result<void> writeExit(const ExitReason& reason);
  Result<bool> prepareRestart(const ExitReason& reason);
  Result<RunStatus> finish();

  const RunDirectory& run_;
  const SupervisorOptions& options_;
  RunLock lock_;
  std::shared_ptr<spdlog::logger> log_;
  std::string proof_;  // of the checkpoint that the first trainer goes on from
  SignalInbox signals_;
  RestartPolicy policy_;
  HeartbeatWatch watch_;

  RunStatus
      status_;  // as this supervisor writes it; the trainer's own copy is read back at its end
  std::optional<ChildProcess> child_;  // empty for an adopted trainer
  bool isStopRequested_ = false;
  bool isKillRequested_ = false;
  bool isHangReported_ = false;
  Clock::time_point stopDeadline_;
  uint64_t logStart_ = 0;  // where this attempt's part of engine.log begins
  long memoryKillsBefore_ = 0;
};

Result<RunStatus> Supervisor::run() {
  Z2_TRY(const RunReport before, inspectRun(run_));
  status_ = before.status;
  status_.supervisor = thisProcess();
  status_.host = hostName();
  if (before.isTrainerAlive) {
    Z2_TRY_VOID(adoptTrainer());
  } else {
    if (options_.waitsInQueue) {
      Z2_TRY(const bool mayStart, waitInQueue());
      if (!mayStart) return finish();
    }
    Z2_TRY_VOID(startTrainer());
  }
  while (true) {
    Z2_TRY(const ExitReason reason, watchTrainer());
    Z2_TRY_VOID(writeExit(reason));
    Z2_TRY(const bool restarts, prepareRestart(reason));
    if (!restarts) return finish();
    Z2_TRY_VOID(startTrainer());
  }
}

Result<bool> Supervisor::waitInQueue() {
  status_.state = RunState::kQueued;
  status_.heartbeat = unixSeconds();
  status_.error.clear();
  Z2_TRY_VOID(run_.writeStatus(status_));
  Z2_TRY_VOID(run_.addEvent("queued"));
  while (!isStopRequested_) {
    Z2_TRY(const bool isNext, isNextInQueue(run_));
    if (isNext) return true;
    const auto until = Clock::now() + kQueueInterval;
    while (Clock::now() < until && !isStopRequested_) answerSignals(kTick);
  }
  const bool wasStarted = status_.attempt > 0;
  status_.state = wasStarted ? RunState::kStopped : RunState::kCreated;
  if (wasStarted) status_.error = "it left the queue before it was started";
  Z2_TRY_VOID(run_.addEvent("left the queue"));
  return false;
}

Result<void> Supervisor::startTrainer() {
  status_.state = RunState::kStarting;
  status_.attempt += 1;
  status_.exitCode.reset();
  status_.error.clear();
  status_.trainer = {};
  isHangReported_ = false;
  memoryKillsBefore_ = outOfMemoryKills();
  std::error_code ignored;
  logStart_ = fs::exists(run_.log(), ignored) ? fs::file_size(run_.log(), ignored) : 0;
  ProcessSpec spec{
      .program = options_.trainer,
      .arguments = {"run", run_.path().native(), "--attempt", std::to_string(status_.attempt)},
      .environment = options_.environment,
      .output = run_.log(),
      .newSession = true,
      .beforeStart = {}};
  // After a crash every byte is verified again.
  if (const std::string proof = std::exchange(proof_, {}); !proof.empty())
    spec.arguments.insert(spec.arguments.end(), {"--verified", proof});
  // The pid is on disk before the trainer takes its first step, so that no death of this process
  // leaves a trainer that nobody knows of.
  spec.beforeStart = [this](const ProcessId& id) {
    status_.trainer = id;
    return run_.writeStatus(status_);
  };
  auto child = ChildProcess::spawn(spec);
  if (!child) {
    Error error = std::move(child).error();
    status_.state = RunState::kFailed;
    status_.error = error.text();
    Z2_TRY_VOID(finish());
    return tl::unexpected(std::move(error));
  }
  child_ = std::move(*child);
  watch_.restart(steadySeconds());
  log_->info("attempt {} started, pid {}", status_.attempt, status_.trainer.pid);
  return run_.addEvent(
      "started",
      {{"attempt", status_.attempt}, {"pid", status_.trainer.pid}, {"host", status_.host}});
}

Result<void> Supervisor::adoptTrainer() {
  child_.reset();
  memoryKillsBefore_ = outOfMemoryKills();
  watch_.restart(steadySeconds());
  // The trainer writes the file while it lives; one lost heartbeat of it does no harm.
  Z2_TRY_VOID(run_.writeStatus(status_));
  log_->info("adopted the running trainer, pid {}", status_.trainer.pid);
  return run_.addEvent("adopted", {{"attempt", status_.attempt}, {"pid", status_.trainer.pid}});
}

// The words of an adopted trainer's end are all there is: its exit status went to nobody.
std::optional<ProcessEnd> Supervisor::endOfTrainer() {
  if (child_) return child_->poll();
  if (isAlive(status_.trainer)) return std::nullopt;
  const auto last = run_.readStatus();
  if (last && last->exitCode) return ProcessEnd{.code = last->exitCode};
  if (last && last->state == RunState::kFinished) return ProcessEnd{.code = 0};
  if (last && last->state == RunState::kStopped) return ProcessEnd{.code = 5};
  return ProcessEnd{.signal = SIGKILL};
}

void Supervisor::answerSignals(milliseconds wait) {
  const std::optional<int> signal = signals_.take(wait);
  if (!signal || *signal == SIGCHLD) return;
  const bool isUrgent = *signal == SIGUSR1 || (*signal == SIGINT && isStopRequested_);
  if (isUrgent) isKillRequested_ = true;
  if (!isStopRequested_) {
    isStopRequested_ = true;
    stopDeadline_ = Clock::now() + options_.saveGrace;
    log_->info("{}: stopping", signalName(*signal));
    signalGroup(status_.trainer, SIGTERM);
    signalGroup(status_.trainer, SIGCONT);
  }
}

Result<std::optional<ExitReason>> Supervisor::lookAtHeartbeat() {
  const auto seen = run_.readStatus();
  if (!seen) return std::nullopt;
  const double now = steadySeconds();
  watch_.observe(seen->heartbeat, now);
  if (!watch_.isHanging(now)) return std::nullopt;
  const std::string words =
      fmt::format("the engine made no progress for {} (limit {}), at step {}",
                  formatDuration(watch_.silence(now)), formatDuration(watch_.limit()), seen->step);
  const bool mayRestart = policy_.restarts() < run_.config().integer("train.max_restarts");
  if (!mayRestart) {
    if (std::exchange(isHangReported_, true)) return std::nullopt;
    log_->warn("{}; restarts are off, so it is left alone", words);
    Z2_TRY_VOID(run_.addEvent("hang", {{"step", seen->step}, {"reason", words}}));
    return std::nullopt;
  }
  log_->warn("{}; ending it", words);
  endGroup(status_.trainer, kKillGrace);
  if (child_) child_->wait();
  return ExitReason{ExitKind::kHang, words};
}

Result<ExitReason> Supervisor::watchTrainer() {
  auto nextLook = Clock::now();
  while (true) {
    answerSignals(kTick);
    if (const auto end = endOfTrainer()) return explain(*end);
    if (isKillRequested_ || (isStopRequested_ && Clock::now() > stopDeadline_)) {
      endGroup(status_.trainer, milliseconds(0));
      if (child_) child_->wait();
      return ExitReason{ExitKind::kKilled,
                        isKillRequested_
                            ? "it was killed on request; the work since its last checkpoint is lost"
                            : "it did not stop in time and was killed; the work since its last "
                              "checkpoint is lost"};
    }
    if (options_.onTick) options_.onTick();
    if (Clock::now() < nextLook || isStopRequested_) continue;
    nextLook = Clock::now() + kLookInterval;
    Z2_TRY(const std::optional<ExitReason> hang, lookAtHeartbeat());
    if (hang) return *hang;
  }
}

ExitReason Supervisor::explain(const ProcessEnd& end) const {
  ExitEvidence evidence{.end = end,
                        .ownWords = "",
                        .logTail = lastLines(run_.log(), logStart_, kTailLines),
                        .wasAskedToStop = isStopRequested_,
                        .wasOutOfMemory = outOfMemoryKills() > memoryKillsBefore_};
  if (const auto last = run_.readStatus()) evidence.ownWords = last->error;
  ExitReason reason = explainExit(evidence);
  if (!child_ && reason.kind == ExitKind::kCrash)
    reason.words = "the engine ended without a word while nobody supervised it";
  return reason;
}

Result<void> Supervisor::writeExit(const ExitReason& reason) {
  // Step and heartbeat are the trainer's.
  if (const auto last = run_.readStatus()) {
    status_.step = last->step;
    status_.steps = last->steps;
    status_.heartbeat = last->heartbeat;
    status_.exitCode = last->exitCode;
  }
  if (child_)
    if (const auto end = child_->poll())
      status_.exitCode = end->code ? *end->code : 128 + end->signal;
  status_.state = stateAfter(reason.kind);
  status_.error = reason.words;
  status_.trainer = {};
  const auto steps = checkpointSteps(run_.checkpoints());
  log_->log(reason.words.empty() ? spdlog::level::info : spdlog::level::err,
            "attempt {} ended at step {}: {}", status_.attempt, status_.step,
            reason.words.empty() ? nameOf(reason.kind) : reason.words);
  return run_.addEvent("ended", {{"attempt", status_.attempt},
                                 {"kind", nameOf(reason.kind)},
                                 {"reason", reason.words},
                                 {"exit_code", status_.exitCode ? Json(*status_.exitCode) : Json()},
                                 {"step", status_.step},
                                 {"checkpoint", steps.empty() ? Json() : Json(steps.back())}});
}

Result<bool> Supervisor::prepareRestart(const ExitReason& reason) {
  if (isStopRequested_) return false;
  const auto steps = checkpointSteps(run_.checkpoints());
  const auto newest = steps.empty() ? std::nullopt : std::optional(steps.back());
  const RestartPolicy::Decision decision = policy_.decide(reason.kind, newest);
  if (!decision.restarts) {
    if (!decision.why.empty()) {
      status_.error += ". Not restarted: " + decision.why;
      Z2_TRY_VOID(run_.addEvent("not restarted", {{"reason", decision.why}}));
    }
    return false;
  }
  const double delaySeconds = std::chrono::duration<double>(decision.delay).count();
  RunStatus waiting = status_;
  waiting.state = RunState::kStarting;
  waiting.error =
      fmt::format("restarting in {} after: {}", formatDuration(delaySeconds), reason.words);
  Z2_TRY_VOID(run_.writeStatus(waiting));
  Z2_TRY_VOID(run_.addEvent(
      "restarting", {{"delay_s", delaySeconds}, {"checkpoint", newest ? Json(*newest) : Json()}}));
  const auto until = Clock::now() + decision.delay;
  while (Clock::now() < until && !isStopRequested_) answerSignals(kTick);
  if (!isStopRequested_) return true;
  status_.state = RunState::kStopped;
  return false;
}

Result<RunStatus> Supervisor::finish() {
  if (options_.onTick) options_.onTick();
  status_.supervisor = {};
  status_.trainer = {};
  Z2_TRY_VOID(run_.writeStatus(status_));
  return status_;
}

}  // namespace

Result<RunStatus> superviseRun(const RunDirectory& run, const SupervisorOptions& options) {
  Z2_TRY(RunLock lock, RunLock::take(run.path()));
  Z2_TRY(auto log, openEngineLog(run.log(), "supervisor"));
  return Supervisor(run, options, std::move(lock), std::move(log)).run();
}

}  // namespace z2
