#include <algorithm>
#include <filesystem>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/io/files.h"
#include "core/run/metrics_history.h"
#include "core/run/metrics_reader.h"
#include "core/run/run_compare.h"
#include "core/run/run_directory.h"
#include "core/run/run_list.h"
#include "core/run/run_report.h"
#include "core/run_import/import_run.h"
#include "tests/support/temporary_folder.h"

namespace z2 {
namespace {

namespace fs = std::filesystem;
using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr const char* kLog =
    R"(WARNING: can't use fused dropout_add_rms_norm.
Overriding: task_type = pretrain
Overriding: data_dir = data/02
[2024-06-22 21:19:53,315 - INFO - __main__]: tokens per iteration will be: 2,048
[2024-06-22 21:19:53,315 - INFO - __main__]: breaks down as: 2 grad_accum_steps * 4 processes * 1 train_batch_size * 256 max_seq_len
[2024-06-22 21:20:28,825 - INFO - utils.train]: num decayed parameter tensors: 226, with 1,773,404,160 parameters
[2024-06-22 21:20:32,077 - WARNING - dataset.dataset_pretrain]: file a.bin is empty, set np.array([]) instead.
[2024-06-22 21:20:33,000 - INFO - __main__]: something that nobody knows 17
[2024-06-22 21:20:34,000 - INFO - __main__]: something that nobody knows 18
[2024-06-22 21:20:47,253 - INFO - __main__]: Start training loop
[2024-06-22 21:23:01,002 - INFO - __main__]: step 0: train loss 11.4724, valid loss 11.4788, 133.7491s
[2024-06-22 21:23:38,617 - INFO - __main__]: 0 | loss 11.4773 | lr 1e-04 | 2.0000s | mfu -100.00%
[2024-06-22 21:24:16,217 - INFO - __main__]: 1 | loss nan | lr 2e-04 | 2.0000s | mfu 54.17%
[2024-06-22 21:24:17,217 - INFO - __main__]: step 2: train loss 7.1, valid loss 7.2, 1.5s
[2024-06-22 21:24:18,217 - INFO - __main__]: save last checkpoint to out/x, 30.7135s
[2024-06-22 21:24:54,349 - INFO - __main__]: 2 | loss 7.5 | lr 1.5e-04 | 2.0000s | mfu 54.17% | novel
[2024-06-22 22:00:00,000 - INFO - __main__]: tokens per iteration will be: 2,048
[2024-06-22 22:00:01,000 - INFO - __main__]: Skipping 2 iters (4 skip_batches_per_device)
[2024-06-22 22:00:02,000 - INFO - __main__]: 2 | loss 7.25 | lr 1.5e-04 | 2.0000s | mfu 54.17%
a line without a frame)";

class LogImportTest : public testing::Test {
 protected:
  ImportReport import(const std::string& text) {
    EXPECT_TRUE(replaceFile(source(), text));
    fs::remove_all(run());
    const auto report = importRun({.source = source(), .output = run()});
    EXPECT_TRUE(report) << report.error().text();
    return report.value_or(ImportReport());
  }
  [[nodiscard]] fs::path source() const { return folder_.path() / "log.txt"; }
  [[nodiscard]] fs::path run() const { return folder_.path() / "runs" / "old"; }
  [[nodiscard]] std::vector<Json> rows() const {
    std::vector<Json> all;
    MetricsReader reader(run() / "metrics.jsonl");
    EXPECT_TRUE(reader.poll(
        [&](const MetricsRow& row) { all.push_back(parseJson(row.line, "row").value()); }));
    return all;
  }

  TemporaryFolder folder_;
};

TEST_F(LogImportTest, RowsAreStepsFromOneAndEvaluations) {
  const ImportReport report = import(kLog);
  const std::vector<Json> all = rows();
  ASSERT_EQ(all.size(), 6U);
  EXPECT_EQ(report.rows, 6U);
  EXPECT_EQ(all[0]["step"], 0);
  EXPECT_EQ(all[0]["valid/loss"], 11.4788);
  EXPECT_EQ(all[1], parseJson(R"({"seq":1,"attempt":1,"step":1,"time":1719091418.617,
      "tokens":2048,"loss":11.4773,"lr":0.0001,"step_s":2.0,"tok_s":1024})",
                              "")
                        .value());
  EXPECT_TRUE(all[2]["loss"].is_null());
  EXPECT_EQ(all[2]["mfu"], 0.5417);
  EXPECT_EQ(all[3]["step"], 2);
  EXPECT_EQ(all[3]["train/loss"], 7.1);
  EXPECT_EQ(report.lastStep, 3);
}

TEST_F(LogImportTest, ARestartIsANewAttempt) {
  EXPECT_EQ(import(kLog).attempts, 2);
  MetricsHistory history;
  MetricsReader reader(run() / "metrics.jsonl");
  ASSERT_TRUE(reader.poll([&](const MetricsRow& row) { history.add(row); }));
  EXPECT_EQ(history.last("loss")->value, 7.25);
  EXPECT_EQ(history.last("loss")->step, 3);
  // Also when the program that was started says nothing.
  import(
      "[2024-06-22 21:00:00,000 - INFO - m]: 5 | loss 2\n"
      "[2024-06-22 21:00:01,000 - INFO - m]: 5 | loss 1\n");
  EXPECT_EQ(rows()[1]["attempt"], 2);
}

TEST_F(LogImportTest, NothingIsLostSilently) {
  const ImportReport report = import(kLog);
  EXPECT_EQ(report.lines, 20U);
  EXPECT_EQ(report.leftOutCount(), 4U);
  ASSERT_EQ(report.leftOut.size(), 3U);
  EXPECT_EQ(report.leftOut[0].count, 2U);
  EXPECT_EQ(report.leftOut[0].where, "log.txt:8");
  EXPECT_THAT(report.leftOut[0].what, HasSubstr("nobody knows 17"));
  EXPECT_EQ(readFile(run() / "engine.log").value(), kLog);
  const std::string events = readFile(run() / "events.jsonl").value();
  for (const char* words : {"a line without a frame", "novel", "can't use fused", "a.bin is empty",
                            R"("event":"checkpoint","step":2,"kind":"last")",
                            R"("event":"resumed","step":2)", R"("event":"imported")"})
    EXPECT_THAT(events, HasSubstr(words));
}

TEST_F(LogImportTest, TheConfigurationIsWhatTheLogSays) {
  const ImportReport report = import(kLog);
  const RunDirectory opened = RunDirectory::open(run()).value();
  EXPECT_EQ(opened.config().text("model.preset"), "z2-1.7b");
  EXPECT_EQ(opened.config().integer("model.num_hidden_layers"), 32);
  EXPECT_EQ(opened.config().integer("train.grad_accum_steps"), 2);
  EXPECT_EQ(opened.config().integer("dist.world_size"), 4);
  EXPECT_EQ(opened.config().integer("data.seq_len"), 256);
  EXPECT_EQ(opened.config().text("data.train"), "data/02");
  EXPECT_EQ(opened.config().real("optim.lr"), 2e-4);
  EXPECT_EQ(opened.config().integer("optim.warmup_steps"), 2);
  EXPECT_EQ(opened.config().integer("train.eval_interval"), 2);
  EXPECT_THAT(report.keys, Contains("optim.lr"));
  EXPECT_TRUE(opened.knows("dist.world_size"));
  EXPECT_FALSE(opened.knows("optim.beta1"));
  EXPECT_EQ(opened.origin()->details["tokens_per_step"], 2048);
  EXPECT_EQ(opened.created(), "2024-06-22T21:23:01Z");
}

TEST_F(LogImportTest, ItStandsBesideOtherRunsAndIsNeverResumed) {
  import(kLog);
  const fs::path own = folder_.path() / "runs" / "own";
  ASSERT_TRUE(RunDirectory::create(
      own, RunConfig::make(Task::kPretrain, Json(), {"optim.beta1=0.8", "optim.lr=0.01"}).value()));
  const auto listed = listRuns(folder_.path()).value();
  ASSERT_EQ(listed.size(), 2U);
  EXPECT_EQ(listed[0]["state"], "stopped");
  EXPECT_EQ(listed[0]["loss"], 7.25);
  EXPECT_EQ(listed[0]["valid_loss"], 7.2);
  EXPECT_EQ(listed[0]["step"], 3);
  EXPECT_EQ(listed[0]["resumable"], false);
  EXPECT_THAT(listed[0]["resume_blocked_reason"].get<std::string>(), HasSubstr("no checkpoints"));
  RunDirectory opened = RunDirectory::open(run()).value();
  EXPECT_FALSE(opened.extend(1'000'000));
  const Json compared = compareRuns({opened, RunDirectory::open(own).value()}).value();
  std::vector<std::string> keys;
  for (const Json& difference : compared["differences"]) keys.push_back(difference["key"]);
  EXPECT_THAT(keys, Contains("optim.lr"));
  EXPECT_THAT(keys, Not(Contains("optim.beta1")));
  EXPECT_EQ(compared["runs"][0]["metrics"]["loss"]["last"], 7.25);
}

TEST_F(LogImportTest, WhatCannotBeImportedLeavesNothing) {
  const auto errorOf = [&](const std::string& text) {
    EXPECT_TRUE(replaceFile(source(), text));
    const auto report = importRun({.source = source(), .output = run()});
    EXPECT_FALSE(fs::exists(run()));
    return report ? std::string() : report.error().text();
  };
  EXPECT_THAT(errorOf(""), HasSubstr("no log"));
  EXPECT_THAT(errorOf("hello\n"), HasSubstr("no log"));
  EXPECT_THAT(errorOf("[2024-06-22 21:00:00,000 - INFO - m]: hello\n"), HasSubstr("no metric"));
  EXPECT_TRUE(!fs::exists(run().parent_path()) || fs::is_empty(run().parent_path()));
  import(kLog);
  EXPECT_THAT(importRun({.source = source(), .output = run()}).error().text(),
              HasSubstr("something in this place"));
  EXPECT_EQ(rows().size(), 6U);
}

TEST_F(LogImportTest, TheStudyProjectsLogIsReadToItsLastLine) {
  const fs::path log = fs::path(Z2_SOURCE_DIR) / "../shared/data/logs/pretrain_1.7b_4xA800.txt";
  if (!fs::exists(log)) GTEST_SKIP() << "the study project's log is not on this machine";
  const ImportReport report =
      importRun({.source = log, .output = run(), .utcOffset = 8 * 3600}).value();
  EXPECT_EQ(report.rows, 11'122U + 56U);
  EXPECT_EQ(report.lines, 11'421U);
  EXPECT_EQ(report.leftOutCount(), 0U);
  EXPECT_EQ(report.attempts, 1);
  EXPECT_EQ(report.lastStep, 11'122);
  const RunDirectory opened = RunDirectory::open(run()).value();
  EXPECT_EQ(opened.config().text("model.preset"), "z2-1.7b");
  EXPECT_EQ(opened.config().integer("optim.warmup_steps"), 868);
  EXPECT_EQ(opened.config().real("optim.lr"), 3e-4);
  EXPECT_EQ(lastMetrics(opened.metrics())["tokens"], 11'122 * int64_t{2'097'152});
}

}  // namespace
}  // namespace z2
