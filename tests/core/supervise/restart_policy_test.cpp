#include "core/supervise/restart_policy.h"

#include <chrono>
#include <csignal>
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/temporary_folder.h"

namespace z2 {
namespace {

using ::testing::HasSubstr;
using namespace std::chrono_literals;

TEST(RestartPolicy, RestartsOnlyFaults) {
  const auto restarts = [](ExitKind kind, bool onNan) {
    return RestartPolicy({.maxRestarts = 3, .restartOnNan = onNan}).decide(kind, 1).restarts;
  };
  EXPECT_TRUE(restarts(ExitKind::kCrash, false));
  EXPECT_TRUE(restarts(ExitKind::kHang, false));
  EXPECT_FALSE(restarts(ExitKind::kNan, false));
  EXPECT_TRUE(restarts(ExitKind::kNan, true));
  for (const ExitKind kind : {ExitKind::kFinished, ExitKind::kStopped, ExitKind::kKilled,
                              ExitKind::kBadInput, ExitKind::kEnvironment})
    EXPECT_FALSE(restarts(kind, true)) << nameOf(kind);
}

TEST(RestartPolicy, IsOffUnlessToldOtherwise) {
  const auto decision = RestartPolicy({}).decide(ExitKind::kCrash, 1);
  EXPECT_FALSE(decision.restarts);
  EXPECT_THAT(decision.why, HasSubstr("train.max_restarts is 0"));
}

TEST(RestartPolicy, EndsWithoutProgressAndBacksOff) {
  RestartPolicy policy({.maxRestarts = 100});
  EXPECT_EQ(policy.decide(ExitKind::kCrash, 10).delay, 1s);
  EXPECT_EQ(policy.decide(ExitKind::kCrash, 10).delay, 2s);
  EXPECT_EQ(policy.decide(ExitKind::kCrash, 10).delay, 4s);
  const auto last = policy.decide(ExitKind::kCrash, 10);
  EXPECT_FALSE(last.restarts);
  EXPECT_THAT(last.why, HasSubstr("no new checkpoint"));
}

TEST(RestartPolicy, ANewCheckpointStartsTheCountAnew) {
  RestartPolicy policy({.maxRestarts = 100});
  static_cast<void>(policy.decide(ExitKind::kCrash, std::nullopt));
  EXPECT_EQ(policy.decide(ExitKind::kCrash, std::nullopt).delay, 2s);
  for (int step = 1; step < 20; ++step)
    EXPECT_EQ(policy.decide(ExitKind::kCrash, step).delay, 1s) << step;
}

TEST(RestartPolicy, EndsAtTheUsersLimit) {
  RestartPolicy policy({.maxRestarts = 2});
  EXPECT_TRUE(policy.decide(ExitKind::kCrash, 1).restarts);
  EXPECT_TRUE(policy.decide(ExitKind::kCrash, 2).restarts);
  EXPECT_THAT(policy.decide(ExitKind::kCrash, 3).why, HasSubstr("restarted 2 times"));
}

TEST(ExitReason, IsInWords) {
  const auto words = [](ExitEvidence evidence) { return explainExit(evidence).words; };
  EXPECT_EQ(explainExit({.end = {.code = 0}}).kind, ExitKind::kFinished);
  EXPECT_EQ(explainExit({.end = {.code = 5}}).kind, ExitKind::kStopped);
  EXPECT_EQ(explainExit({.end = {.code = 3}}).kind, ExitKind::kBadInput);
  EXPECT_EQ(explainExit({.end = {.code = 4}}).kind, ExitKind::kEnvironment);
  EXPECT_EQ(explainExit({.end = {.code = 6}}).kind, ExitKind::kNan);
  EXPECT_EQ(explainExit({.end = {.code = 1}}).kind, ExitKind::kCrash);
  EXPECT_THAT(words({.end = {.signal = SIGSEGV}, .logTail = "at layer 3"}),
              HasSubstr("SIGSEGV (Segmentation fault). Its last words: at layer 3"));
  EXPECT_THAT(words({.end = {.signal = SIGKILL}, .wasOutOfMemory = true}),
              HasSubstr("ran out of memory"));
  EXPECT_EQ(words({.end = {.code = 3}, .ownWords = "data.train: no such file"}),
            "data.train: no such file");
  EXPECT_EQ(explainExit({.end = {.signal = SIGTERM}, .wasAskedToStop = true}).kind,
            ExitKind::kStopped);
  EXPECT_EQ(explainExit({.end = {.signal = SIGTERM}}).kind, ExitKind::kCrash);
}

TEST(ExitReason, TheLogsLastLinesAreThoseOfTheAttempt) {
  const TemporaryFolder folder;
  const auto file = folder.path() / "engine.log";
  EXPECT_EQ(lastLines(file, 0, 2), "");
  std::ofstream(file) << "old\na\nb\nc\n";
  EXPECT_EQ(lastLines(file, 4, 2), "b\nc");
  EXPECT_EQ(lastLines(file, 4, 9), "a\nb\nc");
  EXPECT_EQ(lastLines(file, 10, 9), "");
}

}  // namespace
}  // namespace z2
