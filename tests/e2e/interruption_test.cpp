// A run that is killed, stopped or starved of disk ends with the bits of one that was not.

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <thread>

#include <gtest/gtest.h>

#include "core/train/exit_codes.h"
#include "tests/e2e/small_run.h"
#include "tests/support/temporary_folder.h"

namespace z2 {
namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

class Interruption : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    folder_ = std::make_unique<TemporaryFolder>();
    writeWalk(data(), 1);
    const RunDirectory run = makeRun(folder_->path() / "undisturbed", data(), {});
    const auto start = Clock::now();
    const ProcessEnd end = startTrainer(run).wait();
    duration_ = Clock::now() - start;
    ASSERT_EQ(end.code, 0) << end.text();
    metrics_ = exactMetrics(run);
    tensors_ = newestTensors(run);
    ASSERT_EQ(tensors_.at("step"), "40");
    ASSERT_EQ(metrics_.size(), 13U + 2U);  // every third step, and the evaluations
  }
  static void TearDownTestSuite() { folder_.reset(); }

  static fs::path data() { return folder_->path() / "walk"; }
  static RunDirectory newRun(const std::string& name) {
    return makeRun(folder_->path() / name, data(), {});
  }
  static void expectUndisturbed(const RunDirectory& run) {
    EXPECT_EQ(exactMetrics(run), metrics_);
    EXPECT_TRUE(newestTensors(run) == tensors_) << "the weights differ";
    const auto status = run.readStatus();
    ASSERT_TRUE(status);
    EXPECT_EQ(status->state, RunState::kFinished);
    EXPECT_EQ(status->step, 40);
  }

  static inline std::unique_ptr<TemporaryFolder> folder_;
  static inline Clock::duration duration_{};
  static inline std::map<int64_t, std::string> metrics_;
  static inline std::map<std::string, std::string> tensors_;
};

TEST_F(Interruption, KillsAtAnyMomentChangeNoBit) {
  const char* soak = std::getenv("Z2_SOAK");
  const int kills = soak != nullptr ? std::max(1, std::atoi(soak)) : 10;
  std::mt19937_64 random(5);
  int killed = 0;
  for (int number = 0; killed < kills; ++number) {
    const RunDirectory run = newRun("killed-" + std::to_string(number));
    for (int start = 0;; ++start) {
      ASSERT_LT(start, 200) << "the run does not come to its end";
      ChildProcess trainer = startTrainer(run);
      if (killed >= kills) {
        ASSERT_EQ(trainer.wait().code, 0);
        break;
      }
      const double share = static_cast<double>(random() % 1000) / 1000;
      const auto moment =
          Clock::now() + std::chrono::duration_cast<Clock::duration>(duration_ * share);
      while (Clock::now() < moment && !trainer.poll())
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
      if (const auto end = trainer.poll()) {
        ASSERT_EQ(end->code, 0) << end->text();
        break;
      }
      ::kill(static_cast<pid_t>(trainer.id().pid), SIGKILL);
      trainer.wait();
      ++killed;
    }
    expectUndisturbed(run);
    EXPECT_EQ(countEvents(run, "checkpoint_damaged"), 0);
  }
}

TEST_F(Interruption, AStopSavesAndAResumeGoesOn) {
  const RunDirectory run = newRun("stopped");
  ChildProcess trainer = startTrainer(run);
  while (!trainer.poll() && exactMetrics(run).empty())
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  ::kill(static_cast<pid_t>(trainer.id().pid), SIGTERM);
  const ProcessEnd end = trainer.wait();
  ASSERT_EQ(end.code, static_cast<int>(TrainerExit::kStopped)) << end.text();
  const auto status = run.readStatus();
  ASSERT_TRUE(status);
  EXPECT_EQ(status->state, RunState::kStopped);
  EXPECT_EQ(newestTensors(run).at("step"), std::to_string(status->step));
  ASSERT_EQ(startTrainer(run).wait().code, 0);
  expectUndisturbed(run);
}

TEST_F(Interruption, AFullDiskStopsNoTrainingAndHarmsNoCheckpoint) {
  const RunDirectory run = newRun("full-disk");
  ASSERT_EQ(startTrainer(run, {"--steps", "20"}).wait().code, 0);
  const auto before = newestTensors(run);
  ASSERT_EQ(before.at("step"), "20");
  // Rows of metrics fit, the files of a checkpoint do not.
  constexpr uint64_t kMostFileBytes = 48 * 1024;
  const ProcessEnd end = startTrainer(run, {}, kMostFileBytes).wait();
  EXPECT_EQ(end.code, static_cast<int>(TrainerExit::kEnvironment)) << end.text();
  EXPECT_EQ(exactMetrics(run).rbegin()->first, 40) << "training did not go on";
  EXPECT_GE(countEvents(run, "checkpoint_failed"), 4);
  const auto status = run.readStatus();
  ASSERT_TRUE(status);
  EXPECT_NE(status->error.find("could not be saved"), std::string::npos) << status->error;
  EXPECT_TRUE(newestTensors(run) == before);
  for (const auto& entry : fs::directory_iterator(run.checkpoints()))
    EXPECT_FALSE(entry.path().filename().native().starts_with(".")) << entry.path();
  ASSERT_EQ(startTrainer(run).wait().code, 0);
  expectUndisturbed(run);
}

}  // namespace
}  // namespace z2
