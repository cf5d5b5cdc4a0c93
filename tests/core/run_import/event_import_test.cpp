#include <filesystem>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/io/files.h"
#include "core/run/metrics_reader.h"
#include "core/run/run_directory.h"
#include "core/run_export/export_run.h"
#include "core/run_import/import_run.h"
#include "tests/support/temporary_folder.h"

namespace z2 {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

class EventImportTest : public testing::Test {
 protected:
  void SetUp() override {
    fs::create_directory(events());
    for (const char* name :
         {"events.out.tfevents.1700000000.torch", "events.out.tfevents.1700000100.tensorboardx"})
      fs::copy(fs::path(Z2_SOURCE_DIR) / "tests/core/run_import/data" / name, events() / name);
  }
  [[nodiscard]] fs::path events() const { return folder_.path() / "events"; }
  [[nodiscard]] fs::path run() const { return folder_.path() / "run"; }
  static std::vector<Json> rowsOf(const fs::path& run) {
    std::vector<Json> all;
    MetricsReader reader(run / "metrics.jsonl");
    EXPECT_TRUE(reader.poll(
        [&](const MetricsRow& row) { all.push_back(parseJson(row.line, "row").value()); }));
    return all;
  }

  TemporaryFolder folder_;
};

TEST_F(EventImportTest, FilesThatFollowEachOtherAreAttempts) {
  const ImportReport report = importRun({.source = events(), .output = run()}).value();
  EXPECT_EQ(report.format, "tensorboard");
  EXPECT_EQ(report.attempts, 2);
  EXPECT_EQ(report.lastStep, 7);
  EXPECT_THAT(report.metrics, ElementsAre("loss", "lr", "valid/loss"));
  EXPECT_EQ(report.renamed.at("lr"), "train/learning_rate");
  ASSERT_EQ(report.leftOut.size(), 1U);
  EXPECT_EQ(report.leftOut[0].what, "histograms");
  const std::vector<Json> rows = rowsOf(run());
  ASSERT_EQ(rows.size(), 10U);
  EXPECT_EQ(rows[0].dump(),
            R"({"seq":0,"attempt":1,"step":1,"time":1700000010,"loss":5.25,"lr":0.0001})");
  EXPECT_TRUE(rows[5]["valid/loss"].is_null());
  EXPECT_EQ(rows[6]["attempt"], 2);
  EXPECT_EQ(rows[6]["step"], 4);
  EXPECT_THAT(readFile(run() / "events.jsonl").value(), HasSubstr(R"("text":"hello")"));
}

TEST_F(EventImportTest, NamesCanBeKept) {
  const ImportReport report =
      importRun({.source = events(), .output = run(), .keepsNames = true}).value();
  EXPECT_THAT(report.metrics, ElementsAre("eval/loss", "train/learning_rate", "train/loss"));
}

TEST_F(EventImportTest, ExportGivesBackTheSameRows) {
  ASSERT_TRUE(importRun({.source = events(), .output = run()}));
  const fs::path exported = folder_.path() / "exported";
  const auto report = exportEventFiles(RunDirectory::open(run()).value(), exported).value();
  EXPECT_EQ(report.files.size(), 2U);
  EXPECT_EQ(report.values, 15U);
  const fs::path again = folder_.path() / "again";
  const ImportReport imported = importRun({.source = exported, .output = again}).value();
  EXPECT_EQ(imported.renamed.at("loss"), "train/loss");
  EXPECT_EQ(rowsOf(again), rowsOf(run()));
  EXPECT_FALSE(exportEventFiles(RunDirectory::open(run()).value(), exported));
}

TEST_F(EventImportTest, CsvHasAColumnAMetric) {
  ASSERT_TRUE(importRun({.source = events(), .output = run()}));
  const fs::path file = folder_.path() / "run.csv";
  ASSERT_TRUE(exportCsv(RunDirectory::open(run()).value(), file));
  const std::string text = readFile(file).value();
  EXPECT_THAT(text, testing::StartsWith("step,attempt,time,loss,lr,valid/loss\n"
                                        "1,1,1700000010,5.25,0.0001,\n"));
  EXPECT_THAT(text, HasSubstr("\n5,1,1700000060,,,nan\n"));
  EXPECT_FALSE(exportCsv(RunDirectory::open(run()).value(), file));
}

TEST_F(EventImportTest, WhatIsNoEventFileIsSaid) {
  const fs::path empty = folder_.path() / "empty";
  fs::create_directories(empty / "version_0");
  fs::copy(events(), empty / "version_0");
  EXPECT_THAT(importRun({.source = empty, .output = run()}).error().text(), HasSubstr("version_0"));
  const fs::path file = events() / "events.out.tfevents.1700000000.torch";
  std::string damaged = readFile(file).value();
  damaged[300] ^= 1;
  ASSERT_TRUE(replaceFile(file, damaged));
  EXPECT_THAT(importRun({.source = events(), .output = run()}).error().text(),
              HasSubstr("--pass-damage"));
  EXPECT_FALSE(fs::exists(run()));
  EXPECT_TRUE(importRun({.source = events(), .output = run(), .passesDamage = true}));
}

}  // namespace
}  // namespace z2
