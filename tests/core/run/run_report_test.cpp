#include "core/run/run_report.h"

#include <filesystem>
#include <fstream>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/run/metrics_writer.h"
#include "core/run/run_compare.h"
#include "core/run/run_list.h"
#include "tests/support/temporary_folder.h"

namespace z2 {
namespace {

using ::testing::HasSubstr;

class Report : public ::testing::Test {
 protected:
  static RunDirectory make(const std::filesystem::path& path, const std::string& setting) {
    return RunDirectory::create(
               path, RunConfig::make(Task::kPretrain, Json(), {"train.steps=20", setting}).value())
        .value();
  }
  RunReport of(RunState state, ProcessId supervisor, ProcessId trainer) {
    RunStatus status;
    status.state = state;
    status.supervisor = supervisor;
    status.trainer = trainer;
    status.host = host_;
    status.heartbeat = unixSeconds() - heartbeatAge_;
    status.step = step_;
    status.attempt = attempt_;
    EXPECT_TRUE(run_.writeStatus(status));
    return inspectRun(run_).value();
  }

  TemporaryFolder folder_;
  RunDirectory run_ = make(folder_.path() / "runs" / "a", "optim.lr=1e-3");
  std::string host_ = hostName();
  double heartbeatAge_ = 3;
  int64_t step_ = 5;
  int attempt_ = 0;
};

TEST_F(Report, ALiveRunIsRunning) {
  const ProcessId me = thisProcess();
  EXPECT_EQ(of(RunState::kRunning, me, me).status.state, RunState::kRunning);
  const RunReport orphan = of(RunState::kRunning, {}, me);
  EXPECT_EQ(orphan.status.state, RunState::kRunning);
  EXPECT_FALSE(orphan.isSupervised);
  EXPECT_FALSE(orphan.isResumable);
  EXPECT_THAT(orphan.resumeBlockedReason, HasSubstr("running"));
  EXPECT_NEAR(orphan.heartbeatAge.value(), 3, 2);
}

TEST_F(Report, ADeadRunIsNeverRunning) {
  const ProcessId reused = {thisProcess().pid, thisProcess().startTicks + 1};
  for (const RunState state : {RunState::kStarting, RunState::kRunning, RunState::kStopping}) {
    const RunReport report = of(state, reused, {});
    EXPECT_EQ(report.status.state, RunState::kCrashed);
    EXPECT_FALSE(report.status.error.empty());
    EXPECT_TRUE(report.isResumable);
    EXPECT_TRUE(toJson(report)["pid"].is_null());
  }
  EXPECT_EQ(of(RunState::kQueued, reused, {}).status.state, RunState::kCreated);
  attempt_ = 1;
  EXPECT_EQ(of(RunState::kQueued, reused, {}).status.state, RunState::kStopped);
}

TEST_F(Report, ASilentRunOfAnotherMachineIsLost) {
  host_ = "elsewhere";
  EXPECT_EQ(of(RunState::kRunning, {1, 1}, {1, 1}).status.state, RunState::kRunning);
  heartbeatAge_ = 1000;
  const RunReport report = of(RunState::kRunning, {1, 1}, {1, 1});
  EXPECT_EQ(report.status.state, RunState::kLost);
  EXPECT_THAT(report.status.error, HasSubstr("elsewhere"));
}

TEST_F(Report, SaysWhyAResumeIsRefused) {
  EXPECT_THAT(inspectRun(run_).value().resumeBlockedReason, HasSubstr("run start"));
  step_ = 20;
  EXPECT_THAT(of(RunState::kFinished, {}, {}).resumeBlockedReason, HasSubstr("--steps"));
  step_ = 7;
  EXPECT_TRUE(of(RunState::kStopped, {}, {}).isResumable);
}

TEST_F(Report, ALostStatusIsACrash) {
  std::ofstream(run_.path() / "status.json", std::ios::trunc) << "";
  const RunReport report = inspectRun(run_).value();
  EXPECT_EQ(report.status.state, RunState::kCrashed);
  EXPECT_TRUE(report.isResumable);
}

TEST_F(Report, TheNewestCompleteCheckpointCounts) {
  for (const char* name : {"step_9", "step_10", "step_11", "step_x", ".tmp-12-ab"})
    std::filesystem::create_directories(run_.checkpoints() / name);
  for (const char* name : {"step_9", "step_10", "step_x", ".tmp-12-ab"})
    std::ofstream(run_.checkpoints() / name / "manifest.json") << "{}";
  EXPECT_EQ(inspectRun(run_).value().lastCheckpoint, 10);
  EXPECT_EQ(toJson(inspectRun(run_).value())["last_checkpoint"], 10);
}

TEST_F(Report, ListAndCompareSeeEveryRun) {
  const RunDirectory other = make(folder_.path() / "runs" / "b", "optim.lr=2e-3");
  std::filesystem::create_directories(folder_.path() / "runs" / "broken");
  std::ofstream(folder_.path() / "runs" / "broken" / "run.json") << "{";
  std::filesystem::create_directories(folder_.path() / "runs" / "no-run");
  MetricsWriter writer = MetricsWriter::open(other.metrics()).value();
  for (int step = 1; step <= 3; ++step)
    ASSERT_TRUE(writer.append(1, step, {{"loss", 5.0 - step}, {"tok_s", 100}}));

  const auto list = listRuns(folder_.path()).value();
  ASSERT_EQ(list.size(), 3U);
  EXPECT_EQ(list[0]["name"], "a");
  EXPECT_TRUE(list[0]["loss"].is_null());
  EXPECT_EQ(list[1]["loss"], 2.0);
  EXPECT_EQ(list[1]["state"], "created");
  EXPECT_THAT(list[2]["error"].get<std::string>(), HasSubstr("not valid JSON"));
  EXPECT_FALSE(listRuns(folder_.path() / "nowhere"));

  const Json compared = compareRuns({run_, other}).value();
  ASSERT_EQ(compared["differences"].size(), 1U);
  EXPECT_EQ(compared["differences"][0]["key"], "optim.lr");
  EXPECT_EQ(compared["differences"][0]["values"], Json({1e-3, 2e-3}));
  EXPECT_EQ(compared["runs"][1]["metrics"]["loss"]["min"], 2.0);
  EXPECT_EQ(compared["runs"][1]["metrics"]["loss"]["max_step"], 1);
}

}  // namespace
}  // namespace z2
