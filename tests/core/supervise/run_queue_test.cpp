#include "core/supervise/run_queue.h"

#include <fstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/support/temporary_folder.h"

namespace z2 {
namespace {

class RunQueue : public ::testing::Test {
 protected:
  RunDirectory make(const std::string& name, RunState state, double since, ProcessId supervisor) {
    const RunDirectory run = RunDirectory::create(folder_.path() / name,
                                                  RunConfig::make(Task::kPretrain, Json()).value())
                                 .value();
    RunStatus status;
    status.state = state;
    status.heartbeat = since;
    status.supervisor = supervisor;
    status.host = hostName();
    EXPECT_TRUE(run.writeStatus(status));
    return run;
  }

  TemporaryFolder folder_;
  ProcessId me_ = thisProcess();
};

TEST_F(RunQueue, TheOneThatWaitedLongestIsNext) {
  const RunDirectory second = make("a", RunState::kQueued, 200, me_);
  const RunDirectory first = make("b", RunState::kQueued, 100, me_);
  make("c", RunState::kFinished, 10, {});
  EXPECT_TRUE(isNextInQueue(first).value());
  EXPECT_FALSE(isNextInQueue(second).value());
}

TEST_F(RunQueue, APersonMayChangeTheOrder) {
  const RunDirectory a = make("a", RunState::kQueued, 100, me_);
  const RunDirectory b = make("b", RunState::kQueued, 200, me_);
  make("c", RunState::kQueued, 50, me_);
  make("done", RunState::kFinished, 10, {});
  using Names = std::vector<std::string>;
  EXPECT_EQ(queuedRuns(folder_.path()), (Names{"c", "a", "b"}));
  ASSERT_TRUE(orderQueue(folder_.path(), {"b", "a"}));
  EXPECT_EQ(queuedRuns(folder_.path()), (Names{"b", "a", "c"}));
  EXPECT_TRUE(isNextInQueue(b).value());
  EXPECT_FALSE(isNextInQueue(a).value());
  EXPECT_FALSE(orderQueue(folder_.path(), {"done"}));
  EXPECT_EQ(queuedRuns(folder_.path()), (Names{"b", "a", "c"}));
  std::ofstream(folder_.path() / ".queue.json") << "torn";
  EXPECT_EQ(queuedRuns(folder_.path()), (Names{"c", "a", "b"}));
  EXPECT_TRUE(queuedRuns(folder_.path() / "nowhere").empty());
}

TEST_F(RunQueue, ARunAtWorkHoldsUpTheOthersADeadOneDoesNot) {
  const RunDirectory waiting = make("a", RunState::kQueued, 100, me_);
  make("dead", RunState::kRunning, 50, {me_.pid, me_.startTicks + 1});
  make("dead-queued", RunState::kQueued, 50, {me_.pid, me_.startTicks + 1});
  EXPECT_TRUE(isNextInQueue(waiting).value());
  make("alive", RunState::kRunning, 50, me_);
  EXPECT_FALSE(isNextInQueue(waiting).value());
}

}  // namespace
}  // namespace z2
