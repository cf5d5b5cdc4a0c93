#include "core/run/run_status.h"

#include <array>
#include <chrono>
#include <cstdint>
#include <exception>
#include <filesystem>
#include <string>
#include <string_view>
#include <system_error>

#include <unistd.h>

namespace z2 {

namespace {

constexpr std::array kStates = {RunState::kCreated,  RunState::kQueued,   RunState::kStarting,
                                RunState::kRunning,  RunState::kStopping, RunState::kStopped,
                                RunState::kFinished, RunState::kFailed,   RunState::kCrashed,
                                RunState::kLost};

}  // namespace

std::string_view nameOf(RunState state) {
  switch (state) {
    case RunState::kCreated:
      return "created";
    case RunState::kQueued:
      return "queued";
    case RunState::kStarting:
      return "starting";
    case RunState::kRunning:
      return "running";
    case RunState::kStopping:
      return "stopping";
    case RunState::kStopped:
      return "stopped";
    case RunState::kFinished:
      return "finished";
    case RunState::kFailed:
      return "failed";
    case RunState::kCrashed:
      return "crashed";
    case RunState::kLost:
      return "lost";
  }
  return "";
}

Result<RunState> parseRunState(std::string_view name) {
  for (const RunState state : kStates)
    if (nameOf(state) == name) return state;
  return badInput("state", "\"" + std::string(name) + "\" is not a state of a run");
}

bool isActive(RunState state) {
  return state == RunState::kQueued || state == RunState::kStarting ||
         state == RunState::kRunning || state == RunState::kStopping;
}

Json toJson(const RunStatus& status) {
  return {{"state", nameOf(status.state)},
          {"step", status.step},
          {"steps", status.steps},
          {"attempt", status.attempt},
          {"pid", status.supervisor.pid},
          {"pid_start_ticks", status.supervisor.startTicks},
          {"trainer_pid", status.trainer.pid},
          {"trainer_start_ticks", status.trainer.startTicks},
          {"host", status.host},
          {"heartbeat", status.heartbeat},
          {"exit_code", status.exitCode ? Json(*status.exitCode) : Json()},
          {"error", status.error}};
}

Result<RunStatus> parseRunStatus(const Json& value, std::string_view where) {
  const std::string fix = "Remove the file; the run's checkpoints and metrics do not need it";
  try {
    RunStatus status;
    Z2_TRY(status.state, parseRunState(value.at("state").get<std::string>()));
    status.step = value.value("step", int64_t{0});
    status.steps = value.value("steps", int64_t{0});
    status.attempt = value.value("attempt", 0);
    status.supervisor = {value.value("pid", int64_t{0}),
                         value.value("pid_start_ticks", uint64_t{0})};
    status.trainer = {value.value("trainer_pid", int64_t{0}),
                      value.value("trainer_start_ticks", uint64_t{0})};
    status.host = value.value("host", std::string());
    status.heartbeat = value.value("heartbeat", 0.0);
    if (value.contains("exit_code") && value["exit_code"].is_number_integer())
      status.exitCode = value["exit_code"].get<int>();
    status.error = value.value("error", std::string());
    return status;
  } catch (const std::exception&) {
    return corrupt(std::string(where), "this is not the status of a run", fix);
  }
}

Result<RunStatus> readRunStatus(const std::filesystem::path& file) {
  std::error_code ignored;
  if (!std::filesystem::exists(file, ignored)) return RunStatus{};
  Z2_TRY(const Json value, readJsonFile(file));
  return parseRunStatus(value, file.native());
}

std::string hostName() {
  std::array<char, 256> name{};
  if (::gethostname(name.data(), name.size() - 1) != 0) return "unknown";
  return name.data();
}

double unixSeconds() {
  return std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
}

}  // namespace z2
