#include "tests/bench/window/live_runs.h"

#include <chrono>
#include <cmath>
#include <fstream>
#include <thread>

#include <unistd.h>

#include "core/base/check.h"
#include "core/run/run_directory.h"
#include "tests/ui/support/workspace.h"

namespace z2::ui {

namespace {

constexpr int kSteps = 1'000'000;

// With all that the trainer writes.
std::string row(int step, double loss) {
  Json row = {{"seq", step},
              {"attempt", 1},
              {"step", step},
              {"time", unixSeconds()},
              {"tokens", int64_t{step} * 65'536},
              {"loss", loss},
              {"lr", 3e-4 * (1 - static_cast<double>(step) / kSteps)},
              {"grad_norm", 1 + 0.3 * std::sin(step * 0.7)},
              {"tok_s", 73'000 + 400 * std::sin(step * 0.1)},
              {"mfu", 0.52},
              {"mfu_causal", 0.47},
              {"step_s", 0.9},
              {"mem_gb", 38.7}};
  return row.dump() + '\n';
}

double lossAt(int step) { return 2 + 8 / std::sqrt(step) + 0.1 * std::sin(step * 1.3); }

RunDirectory opened(const std::filesystem::path& workspace, int number) {
  return RunDirectory::open(workspace / "runs" / liveRunName(number)).value();
}

void tell(const RunDirectory& run, int step) {
  RunStatus status;
  status.state = RunState::kRunning;
  status.step = step;
  status.steps = kSteps;
  status.attempt = 1;
  status.host = "elsewhere";  // nobody of this machine is at work on it
  status.heartbeat = unixSeconds();
  Z2_CHECK(run.writeStatus(status).has_value(), "status.json cannot be written");
}

}  // namespace

std::string liveRunName(int number) { return "live-" + std::to_string(number); }

void makeLiveRuns(const std::filesystem::path& workspace, const LiveRuns& runs) {
  for (int number = 0; number < runs.count; ++number) {
    addTestRun(workspace, {.name = liveRunName(number), .state = RunState::kRunning, .rows = 1});
    const RunDirectory run = opened(workspace, number);
    std::ofstream metrics(run.metrics());
    for (int step = 1; step <= runs.history; ++step) metrics << row(step, lossAt(step));
    tell(run, runs.history);
  }
}

void feedLiveRuns(const std::filesystem::path& workspace, const LiveRuns& runs) {
  using Clock = std::chrono::steady_clock;
  const pid_t parent = ::getppid();
  const auto pause = std::chrono::duration<double>(1 / runs.rate / runs.count);
  auto next = Clock::now();
  for (int64_t turn = 0; ::getppid() == parent; ++turn) {
    const int number = static_cast<int>(turn % runs.count);
    const int step = runs.history + static_cast<int>(turn / runs.count) + 1;
    const RunDirectory run = opened(workspace, number);
    std::ofstream(run.metrics(), std::ios::app) << row(step, lossAt(step));
    std::ofstream(run.path() / "engine.log", std::ios::app)
        << "step " << step << " loss " << lossAt(step) << '\n';
    tell(run, step);
    next += std::chrono::duration_cast<Clock::duration>(pause);
    std::this_thread::sleep_until(next);
  }
}

void makeRestingRuns(const std::filesystem::path& workspace, int count) {
  constexpr RunState kStates[] = {RunState::kFinished, RunState::kStopped, RunState::kFailed,
                                  RunState::kCrashed, RunState::kCreated};
  for (int number = 0; number < count; ++number)
    addTestRun(workspace, {.name = "run-" + std::to_string(number),
                           .state = kStates[static_cast<size_t>(number) % std::size(kStates)],
                           .rows = 200,
                           .loss = 4 + 0.001 * number});
}

}  // namespace z2::ui
