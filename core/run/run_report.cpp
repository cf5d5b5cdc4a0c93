#include "core/run/run_report.h"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "core/base/format.h"
#include "core/run/run_lock.h"

namespace z2 {

namespace fs = std::filesystem;

namespace {

// A run on another machine that was silent for so long counts as lost.
constexpr double kSilenceSeconds = 120;

void correctState(RunReport& report) {
  RunStatus& status = report.status;
  if (!isActive(status.state)) return;
  const bool isElsewhere = !status.host.empty() && status.host != hostName();
  if (isElsewhere) {
    if (report.heartbeatAge.value_or(0) <= kSilenceSeconds) return;
    status.error = fmt::format("nothing was heard from {} for {}", status.host,
                               formatDuration(*report.heartbeatAge));
    status.state = RunState::kLost;
    return;
  }
  if (report.isSupervised || report.isTrainerAlive) return;
  if (status.state == RunState::kQueued) {
    status.state = status.attempt > 0 ? RunState::kStopped : RunState::kCreated;
    status.error = "the process that waited in the queue has ended";
    return;
  }
  status.state = RunState::kCrashed;
  status.error =
      "its processes ended without a word: they were killed, or the machine was restarted";
}

void judgeResume(RunReport& report, const RunDirectory& run) {
  const RunStatus& status = report.status;
  report.isResumable = false;
  if (run.origin()) {
    report.resumeBlockedReason = fmt::format(
        "it was imported from {} and has no checkpoints to go on from",
        run.origin()->files.empty() ? run.origin()->format : run.origin()->files.front());
  } else if (isActive(status.state)) {
    report.resumeBlockedReason = fmt::format("it is {}", nameOf(status.state));
  } else if (status.state == RunState::kCreated) {
    report.resumeBlockedReason = "it has not been started; `z2all run start` begins it";
  } else if (status.state == RunState::kFinished &&
             status.step >= run.config().integer("train.steps")) {
    report.resumeBlockedReason =
        fmt::format("it has finished its {} steps; --steps N extends it", status.step);
  } else {
    report.isResumable = true;
  }
}

std::optional<int64_t> stepOf(const fs::path& folder) {
  const std::string name = folder.filename().native();
  constexpr std::string_view kPrefix = "step_";
  if (!name.starts_with(kPrefix)) return std::nullopt;
  int64_t step = 0;
  const char* end = name.data() + name.size();
  const auto [rest, error] = std::from_chars(name.data() + kPrefix.size(), end, step);
  if (error != std::errc() || rest != end) return std::nullopt;
  return step;
}

}  // namespace

std::vector<int64_t> checkpointSteps(const fs::path& checkpoints) {
  std::vector<int64_t> steps;
  std::error_code failure;
  for (fs::directory_iterator entry(checkpoints, failure), end; !failure && entry != end;
       entry.increment(failure)) {
    std::error_code ignored;
    if (const auto step = stepOf(entry->path());
        step && fs::exists(entry->path() / "manifest.json", ignored))
      steps.push_back(*step);
  }
  std::sort(steps.begin(), steps.end());
  return steps;
}

Result<RunReport> inspectRun(const RunDirectory& run) {
  RunReport report;
  if (run.origin()) report.importedFormat = run.origin()->format;
  if (auto status = run.readStatus()) {
    report.status = std::move(*status);
  } else if (status.error().code == ErrorCode::kCorrupt ||
             status.error().code == ErrorCode::kBadInput) {
    // A power cut may leave the status empty; the run itself does not need it.
    report.status.state = RunState::kCrashed;
    report.status.error = "its status was lost, as after a power cut";
  } else {
    return tl::unexpected(std::move(status).error());
  }
  if (report.status.steps == 0) report.status.steps = run.config().integer("train.steps");
  const bool isHere = report.status.host.empty() || report.status.host == hostName();
  // The lock knows a supervisor that adopted the trainer; the trainer's copy of the status does
  // not.
  if (const ProcessId holder = RunLock::holder(run.path()); holder.pid != 0)
    report.status.supervisor = holder;
  report.isSupervised = isHere && isAlive(report.status.supervisor);
  report.isTrainerAlive = isHere && isAlive(report.status.trainer);
  if (report.status.heartbeat > 0)
    report.heartbeatAge = std::max(0.0, unixSeconds() - report.status.heartbeat);
  if (const auto steps = checkpointSteps(run.checkpoints()); !steps.empty())
    report.lastCheckpoint = steps.back();
  correctState(report);
  judgeResume(report, run);
  return report;
}

Json toJson(const RunReport& report) {
  const RunStatus& status = report.status;
  const auto orNull = [](const auto& value) { return value ? Json(*value) : Json(); };
  const auto textOrNull = [](const std::string& text) {
    return text.empty() ? Json() : Json(text);
  };
  return {{"state", nameOf(status.state)},
          {"step", status.step},
          {"steps", status.steps},
          {"attempt", status.attempt},
          {"pid", report.isSupervised     ? Json(status.supervisor.pid)
                  : report.isTrainerAlive ? Json(status.trainer.pid)
                                          : Json()},
          {"trainer_pid", report.isTrainerAlive ? Json(status.trainer.pid) : Json()},
          {"supervised", report.isSupervised},
          {"host", status.host},
          {"heartbeat_age_s", orNull(report.heartbeatAge)},
          {"exit_code", orNull(status.exitCode)},
          {"error", textOrNull(status.error)},
          {"last_checkpoint", orNull(report.lastCheckpoint)},
          {"resumable", report.isResumable},
          {"resume_blocked_reason", textOrNull(report.resumeBlockedReason)},
          {"imported", textOrNull(report.importedFormat)}};
}

}  // namespace z2
