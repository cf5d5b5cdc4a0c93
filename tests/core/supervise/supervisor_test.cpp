#include "core/supervise/supervisor.h"

#include <chrono>
#include <csignal>
#include <fstream>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/io/files.h"
#include "core/run/run_lock.h"
#include "core/run/run_report.h"
#include "tests/support/temporary_folder.h"

namespace z2 {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using namespace std::chrono_literals;

class Supervise : public ::testing::Test {
 protected:
  // One line of the scenario an attempt (see fake_trainer.cpp).
  RunDirectory make(const std::vector<std::string>& scenario,
                    const std::vector<std::string>& settings = {}) {
    RunDirectory run =
        RunDirectory::create(folder_.path(),
                             RunConfig::make(Task::kPretrain, Json(), settings).value())
            .value();
    std::ofstream file(run.path() / "scenario");
    for (const std::string& line : scenario) file << line << '\n';
    return run;
  }
  SupervisorOptions options() const {
    return {.trainer = findSibling("fake_trainer").value(),
            .saveGrace = 500ms,
            .firstRestartDelay = 1ms,
            .leastHangLimit = 0.5};
  }
  RunStatus supervise(const RunDirectory& run) const {
    auto status = superviseRun(run, options());
    EXPECT_TRUE(status) << status.error().text();
    return status.value_or(RunStatus{});
  }
  static std::vector<std::string> events(const RunDirectory& run) {
    std::vector<std::string> names;
    std::ifstream file(run.events());
    for (std::string line; std::getline(file, line);)
      names.push_back(parseJson(line, "events").value().at("event").get<std::string>());
    return names;
  }
  std::string arguments() const { return readFile(folder_.path() / "arguments").value(); }
  // Supervises in a process of its own.
  pid_t superviseApart(const RunDirectory& run) const {
    const pid_t pid = ::fork();
    if (pid == 0) ::_exit(superviseRun(run, options()) ? 0 : 1);
    return pid;
  }
  template <typename Condition>
  static bool comesTrue(Condition condition) {
    for (int i = 0; i < 1000; ++i, ::usleep(10'000))
      if (condition()) return true;
    return false;
  }

  TemporaryFolder folder_;
};

TEST_F(Supervise, AFinishedRunIsFinished) {
  const RunDirectory run = make({"step 3 checkpoint exit 0"});
  const RunStatus status = supervise(run);
  EXPECT_EQ(status.state, RunState::kFinished);
  EXPECT_EQ(status.step, 3);
  EXPECT_EQ(status.exitCode, 0);
  EXPECT_EQ(status.error, "");
  EXPECT_EQ(inspectRun(run).value().lastCheckpoint, 3);
  EXPECT_THAT(events(run), ElementsAre("created", "started", "ended"));
  EXPECT_EQ(arguments(), "--attempt 1\n");
}

TEST_F(Supervise, OnlyTheFirstTrainerTakesTheProof) {
  const RunDirectory run =
      make({"step 2 checkpoint signal 9", "step 1 exit 0"}, {"train.max_restarts=5"});
  SupervisorOptions proven = options();
  proven.proof = "7:files";
  ASSERT_TRUE(superviseRun(run, proven));
  EXPECT_EQ(arguments(), "--attempt 1 --verified 7:files\n--attempt 2\n");
}

TEST_F(Supervise, ACrashIsExplainedAndNotRestartedUnlessTold) {
  const RunDirectory run = make({"step 1 signal 11"});
  const RunStatus status = supervise(run);
  EXPECT_EQ(status.state, RunState::kCrashed);
  EXPECT_THAT(status.error, HasSubstr("SIGSEGV"));
  EXPECT_THAT(status.error, HasSubstr("train.max_restarts"));
  EXPECT_EQ(status.exitCode, 139);
  const RunReport report = inspectRun(run).value();
  EXPECT_EQ(report.status.state, RunState::kCrashed);
  EXPECT_TRUE(report.isResumable);
}

TEST_F(Supervise, ACrashIsRestartedWhenTold) {
  const RunDirectory run =
      make({"step 2 checkpoint signal 9", "exit 1", "step 1 exit 0"}, {"train.max_restarts=5"});
  const RunStatus status = supervise(run);
  EXPECT_EQ(status.state, RunState::kFinished);
  EXPECT_EQ(status.attempt, 3);
  EXPECT_THAT(events(run), ElementsAre("created", "started", "ended", "restarting", "started",
                                       "ended", "restarting", "started", "ended"));
}

TEST_F(Supervise, RestartsEndWithoutProgress) {
  const RunDirectory run =
      make({"exit 1", "exit 1", "exit 1", "exit 1", "exit 0"}, {"train.max_restarts=50"});
  const RunStatus status = supervise(run);
  EXPECT_EQ(status.state, RunState::kCrashed);
  EXPECT_EQ(status.attempt, 4);
  EXPECT_THAT(status.error, HasSubstr("no new checkpoint"));
}

TEST_F(Supervise, BadInputIsNeverRestarted) {
  const RunDirectory run = make({"say data.train:gone exit 3"}, {"train.max_restarts=5"});
  const RunStatus status = supervise(run);
  EXPECT_EQ(status.state, RunState::kFailed);
  EXPECT_EQ(status.attempt, 1);
  EXPECT_EQ(status.error, "data.train:gone");
}

TEST_F(Supervise, AHangIsEndedAndRestarted) {
  const RunDirectory run = make({"step 3 hang", "step 1 exit 0"}, {"train.max_restarts=1"});
  const RunStatus status = supervise(run);
  EXPECT_EQ(status.state, RunState::kFinished);
  EXPECT_EQ(status.attempt, 2);
  EXPECT_THAT(readFile(run.events()).value(), HasSubstr("made no progress"));
}

TEST_F(Supervise, AHangIsOnlyReportedWhenRestartsAreOff) {
  const RunDirectory run = make({"step 1 hang exit 0"});
  const pid_t apart = superviseApart(run);
  ASSERT_TRUE(comesTrue([&] {
    return readFile(run.events()).value().find("\"event\":\"hang\"") != std::string::npos;
  }));
  const RunReport report = inspectRun(run).value();
  EXPECT_TRUE(report.isTrainerAlive);
  ::kill(static_cast<pid_t>(report.status.trainer.pid), SIGCONT);
  ::waitpid(apart, nullptr, 0);
  EXPECT_EQ(run.readStatus().value().state, RunState::kFinished);
}

TEST_F(Supervise, NanIsRestartedWhenTold) {
  const RunDirectory run = make({"step 2 checkpoint step 3 exit 6", "exit 0"},
                                {"train.max_restarts=2", "train.restart_on_nan=true"});
  EXPECT_EQ(supervise(run).state, RunState::kFinished);
  EXPECT_EQ(arguments(), "--attempt 1\n--attempt 2\n");
}

TEST_F(Supervise, NanOtherwiseFails) {
  const RunDirectory run = make({"step 1 exit 6"}, {"train.max_restarts=2"});
  const RunStatus status = supervise(run);
  EXPECT_EQ(status.state, RunState::kFailed);
  EXPECT_THAT(status.error, HasSubstr("NaN"));
}

TEST_F(Supervise, ASignalStopsAndSaves) {
  const RunDirectory run = make({"step 1 stop-supervisor 15 wait"}, {"train.max_restarts=2"});
  const RunStatus status = supervise(run);
  EXPECT_EQ(status.state, RunState::kStopped);
  EXPECT_EQ(status.attempt, 1);
  EXPECT_EQ(status.error, "");
}

TEST_F(Supervise, ATrainerThatDoesNotStopIsKilledAfterItsGrace) {
  const RunDirectory run = make({"ignore-stop step 1 stop-supervisor 15 wait"});
  const RunStatus status = supervise(run);
  EXPECT_EQ(status.state, RunState::kStopped);
  EXPECT_THAT(status.error, HasSubstr("did not stop in time"));
}

TEST_F(Supervise, AnUrgentSignalKills) {
  const RunDirectory run = make({"ignore-stop step 1 stop-supervisor 10 wait"});
  EXPECT_THAT(supervise(run).error, HasSubstr("killed on request"));
}

TEST_F(Supervise, OneRunHasOneSupervisor) {
  const RunDirectory run = make({"wait"});
  const pid_t apart = superviseApart(run);
  ASSERT_TRUE(comesTrue([&] { return RunLock::holder(run.path()).pid == apart; }));
  const auto second = superviseRun(run, options());
  ASSERT_FALSE(second);
  EXPECT_THAT(second.error().text(), HasSubstr("process " + std::to_string(apart)));
  ::kill(apart, SIGTERM);
  ::waitpid(apart, nullptr, 0);
  EXPECT_EQ(run.readStatus().value().state, RunState::kStopped);
}

TEST_F(Supervise, ATrainerOutlivesItsSupervisorAndIsAdopted) {
  const RunDirectory run = make({"step 1 wait"});
  const pid_t apart = superviseApart(run);
  ASSERT_TRUE(comesTrue([&] { return run.readStatus().value().step == 1; }));
  ::kill(apart, SIGKILL);
  ::waitpid(apart, nullptr, 0);
  const RunReport orphan = inspectRun(run).value();
  EXPECT_EQ(orphan.status.state, RunState::kRunning);
  EXPECT_TRUE(orphan.isTrainerAlive);
  EXPECT_FALSE(orphan.isSupervised);

  const pid_t adopter = superviseApart(run);
  ASSERT_TRUE(comesTrue([&] { return inspectRun(run).value().isSupervised; }));
  EXPECT_EQ(inspectRun(run).value().status.supervisor.pid, adopter);
  ASSERT_TRUE(comesTrue([&] {
    return readFile(run.events()).value().find("\"event\":\"adopted\"") != std::string::npos;
  }));
  ::kill(static_cast<pid_t>(orphan.status.trainer.pid), SIGKILL);
  ::waitpid(adopter, nullptr, 0);
  const RunReport dead = inspectRun(run).value();
  EXPECT_EQ(dead.status.state, RunState::kCrashed);
  EXPECT_EQ(dead.status.attempt, 1);
  EXPECT_EQ(arguments(), "--attempt 1\n");
}

TEST_F(Supervise, WhenBothAreKilledTheRunIsShownAsCrashed) {
  const RunDirectory run = make({"step 1 wait"});
  const pid_t apart = superviseApart(run);
  ASSERT_TRUE(comesTrue([&] { return run.readStatus().value().step == 1; }));
  const ProcessId trainer = run.readStatus().value().trainer;
  ::kill(apart, SIGKILL);
  ::waitpid(apart, nullptr, 0);
  endGroup(trainer, 0ms);
  const RunReport report = inspectRun(run).value();
  EXPECT_EQ(report.status.state, RunState::kCrashed);
  EXPECT_THAT(report.status.error, HasSubstr("without a word"));
  EXPECT_TRUE(report.isResumable);
}

TEST_F(Supervise, AMissingTrainerIsAnError) {
  const RunDirectory run = make({"exit 0"});
  SupervisorOptions wrong = options();
  wrong.trainer = "/no/such/trainer";
  const auto status = superviseRun(run, wrong);
  ASSERT_FALSE(status);
  EXPECT_EQ(run.readStatus().value().state, RunState::kFailed);
}

}  // namespace
}  // namespace z2
