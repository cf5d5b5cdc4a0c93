// What a training run does, end to end in one process.

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "core/checkpoint/checkpoint_store.h"
#include "core/run/metrics_history.h"
#include "core/run/metrics_reader.h"
#include "core/train/trainer.h"
#include "tests/e2e/small_run.h"
#include "tests/support/temporary_folder.h"

namespace z2 {
namespace {

namespace fs = std::filesystem;

MetricsHistory historyOf(const RunDirectory& run) {
  MetricsHistory history;
  MetricsReader reader(run.metrics());
  EXPECT_TRUE(reader.poll([&](const MetricsRow& row) { history.add(row); }));
  return history;
}

class Training : public testing::Test {
 protected:
  Training() { writeWalk(data_, 1); }

  TemporaryFolder folder_;
  const fs::path data_ = folder_.path() / "walk";
};

TEST_F(Training, LossFallsAndMetricsAreComplete) {
  const RunDirectory run = makeRun(folder_.path() / "run", data_, {});
  const TrainerEnd end = train({.run = run.path()});
  ASSERT_EQ(end.exit, TrainerExit::kFinished) << end.words;
  const MetricsHistory history = historyOf(run);
  EXPECT_EQ(history.lastStep(), 40);
  const auto& loss = history.series().at("loss").values;
  EXPECT_GT(loss.front(), 3.5);
  EXPECT_LT(loss.back(), 3.0);
  for (const char* name : {"tokens", "loss", "lr", "grad_norm", "tok_s", "mfu", "mfu_causal",
                           "step_s", "mem_gb", "valid/loss"})
    EXPECT_TRUE(history.series().contains(name)) << name;
  EXPECT_EQ(history.last("tokens")->value, 40 * 4 * 32);
  EXPECT_EQ(history.series().at("valid/loss").steps, (std::vector<int64_t>{20, 40}));
  EXPECT_EQ(newestTensors(run).at("step"), "40");
  // Evaluating again gives the number that was recorded, and trains nothing.
  const TrainerEnd evaluated = train({.run = run.path(), .onlyEvaluates = true});
  ASSERT_EQ(evaluated.exit, TrainerExit::kFinished) << evaluated.words;
  EXPECT_EQ(historyOf(run).last("valid/loss")->value, history.last("valid/loss")->value);
}

TEST_F(Training, AccumulationEqualsALargeBatch) {
  const RunDirectory large = makeRun(folder_.path() / "large", data_, {"train.steps=20"});
  const RunDirectory small =
      makeRun(folder_.path() / "small", data_,
              {"train.steps=20", "train.micro_batch_size=1", "train.grad_accum_steps=4"});
  ASSERT_EQ(train({.run = large.path()}).exit, TrainerExit::kFinished);
  ASSERT_EQ(train({.run = small.path()}).exit, TrainerExit::kFinished);
  const auto first = historyOf(large).series().at("loss");
  const auto second = historyOf(small).series().at("loss");
  ASSERT_EQ(first.steps, second.steps);
  for (size_t i = 0; i < first.values.size(); ++i)
    EXPECT_NEAR(first.values[i], second.values[i], 2e-4 * first.values[i]) << first.steps[i];
}

TEST_F(Training, ChangedDataIsRefusedUnlessAllowed) {
  const RunDirectory run = makeRun(folder_.path() / "run", data_, {});
  ASSERT_EQ(train({.run = run.path(), .steps = 7}).exit, TrainerExit::kFinished);
  const auto before = newestTensors(run);
  for (const char* suffix : {".bin", ".idx", ".manifest.json"}) fs::remove(data_.native() + suffix);
  writeWalk(data_, 2);
  const TrainerEnd refused = train({.run = run.path()});
  EXPECT_EQ(refused.exit, TrainerExit::kBadInput);
  EXPECT_NE(refused.words.find("--allow-changed-data"), std::string::npos) << refused.words;
  EXPECT_TRUE(newestTensors(run) == before);
  EXPECT_EQ(train({.run = run.path(), .steps = 9, .allowsChangedData = true}).exit,
            TrainerExit::kFinished);
  EXPECT_EQ(countEvents(run, "data_changed"), 1);
}

// Saves the newest checkpoint's state as that of the step after it, with one weight NaN.
void poison(const RunDirectory& run) {
  auto store = CheckpointStore::open({run.checkpoints()});
  ASSERT_TRUE(store);
  std::vector<DamagedCheckpoint> damaged;
  const auto newest = store->loadNewest(damaged);
  ASSERT_TRUE(newest && *newest);
  std::vector<TensorView> tensors = (*newest)->tensors();
  std::vector<std::byte> bytes(tensors[0].bytes.begin(), tensors[0].bytes.end());
  const float nan = std::numeric_limits<float>::quiet_NaN();
  std::memcpy(bytes.data(), &nan, sizeof nan);
  tensors[0].bytes = bytes;
  const int64_t step = (*newest)->info().step + 1;
  Json state = (*newest)->info().state;
  state["step"] = step;
  ASSERT_TRUE(store->save(step, tensors, state, std::nullopt));
}

TEST_F(Training, ALastingNanEndsTheRunInWordsAndIsNeverSaved) {
  const RunDirectory run = makeRun(folder_.path() / "run", data_,
                                   {"train.checkpoint_interval=1", "train.log_interval=1"});
  ASSERT_EQ(train({.run = run.path(), .steps = 3}).exit, TrainerExit::kFinished);
  ASSERT_NO_FATAL_FAILURE(poison(run));
  const TrainerEnd end = train({.run = run.path()});
  EXPECT_EQ(end.exit, TrainerExit::kNotANumber) << end.words;
  EXPECT_NE(end.words.find("NaN"), std::string::npos);
  EXPECT_EQ(countEvents(run, "step_skipped"), 5);
  EXPECT_EQ(newestTensors(run).at("step"), "4");
  const auto status = run.readStatus();
  ASSERT_TRUE(status);
  EXPECT_EQ(status->state, RunState::kFailed);
  EXPECT_EQ(status->exitCode, 6);
  // Its rows have no number where there was none.
  EXPECT_EQ(historyOf(run).last("loss")->step, 3);
}

TEST_F(Training, FloatsOf8BitsOnACpuAreRefusedInWords) {
  const RunDirectory run =
      makeRun(folder_.path() / "run", data_, {"train.dtype=fp8", "train.device=cpu"});
  const TrainerEnd end = train({.run = run.path()});
  EXPECT_EQ(end.exit, TrainerExit::kEnvironment);
  EXPECT_NE(end.words.find("fp8 needs a GPU"), std::string::npos) << end.words;
}

TEST_F(Training, MissingDataIsNamed) {
  const RunDirectory run = makeRun(folder_.path() / "run", folder_.path() / "nothing", {});
  const TrainerEnd end = train({.run = run.path()});
  EXPECT_EQ(end.exit, TrainerExit::kBadInput);
  EXPECT_NE(end.words.find("nothing"), std::string::npos) << end.words;
}

}  // namespace
}  // namespace z2
