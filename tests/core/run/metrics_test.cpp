#include <fstream>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/io/files.h"
#include "core/run/metrics_history.h"
#include "core/run/metrics_reader.h"
#include "core/run/metrics_writer.h"
#include "core/run/run_list.h"
#include "tests/support/temporary_folder.h"

namespace z2 {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

class Metrics : public ::testing::Test {
 protected:
  void appendText(const std::string& text) {
    std::ofstream(file_, std::ios::app | std::ios::binary) << text;
  }
  std::vector<uint64_t> sequences() {
    std::vector<uint64_t> all;
    MetricsReader reader(file_);
    const auto done = reader.poll([&](const MetricsRow& row) { all.push_back(row.seq); });
    EXPECT_TRUE(done) << done.error().text();
    return all;
  }

  TemporaryFolder folder_;
  std::filesystem::path file_ = folder_.path() / "metrics.jsonl";
};

TEST_F(Metrics, SequenceGoesOnAfterReopening) {
  for (int attempt = 1; attempt <= 2; ++attempt) {
    MetricsWriter writer = MetricsWriter::open(file_).value();
    for (int step = 1; step <= 2; ++step)
      ASSERT_TRUE(writer.append(attempt, step, {{"loss", 1.5}}));
  }
  EXPECT_THAT(sequences(), ElementsAre(0, 1, 2, 3));
}

TEST_F(Metrics, ATornLastLineIsCutAtEveryByte) {
  {
    MetricsWriter writer = MetricsWriter::open(file_).value();
    ASSERT_TRUE(writer.append(1, 1, {{"loss", 1.5}}));
    ASSERT_TRUE(writer.append(1, 2, {{"loss", 1.25}}));
  }
  const std::string whole = readFile(file_).value();
  const size_t firstLine = whole.find('\n') + 1;
  for (size_t size = 0; size < whole.size(); ++size) {
    std::ofstream(file_, std::ios::trunc | std::ios::binary) << whole.substr(0, size);
    MetricsWriter writer = MetricsWriter::open(file_).value();
    ASSERT_TRUE(writer.append(2, 1, {{"loss", 1.0}}));
    EXPECT_EQ(sequences().size(), size < firstLine ? 1U : 2U) << "cut at " << size;
  }
}

TEST_F(Metrics, GarbageAfterTheLastRowIsCut) {
  {
    MetricsWriter writer = MetricsWriter::open(file_).value();
    ASSERT_TRUE(writer.append(1, 1, {{"loss", 1.5}}));
  }
  appendText(std::string(100'000, '\0') + "\n{\"half\":");
  MetricsWriter writer = MetricsWriter::open(file_).value();
  ASSERT_TRUE(writer.append(2, 2, {{"loss", 1.0}}));
  EXPECT_THAT(sequences(), ElementsAre(0, 1));
}

TEST_F(Metrics, ARunHasOneWriter) {
  const MetricsWriter first = MetricsWriter::open(file_).value();
  const auto second = MetricsWriter::open(file_);
  ASSERT_FALSE(second);
  EXPECT_THAT(second.error().text(), HasSubstr("run stop"));
}

TEST_F(Metrics, TheReaderFollowsAndWaitsForWholeLines) {
  MetricsReader reader(file_);
  std::vector<double> losses;
  const auto poll = [&] {
    return reader.poll(
        [&](const MetricsRow& row) { losses.push_back(row.values["loss"].get<double>()); });
  };
  ASSERT_TRUE(poll());  // not there yet
  appendText(R"({"seq":0,"attempt":1,"step":1,"time":2,"loss":3})");
  ASSERT_TRUE(poll());
  EXPECT_TRUE(losses.empty());
  appendText("\n{\"seq\":1,\"attempt\":1,");
  ASSERT_TRUE(poll());
  EXPECT_THAT(losses, ElementsAre(3));
  appendText("\"step\":2,\"time\":2,\"loss\":2.5}\n");
  ASSERT_TRUE(poll());
  EXPECT_THAT(losses, ElementsAre(3, 2.5));
  EXPECT_EQ(reader.rows(), 2U);
}

TEST_F(Metrics, TheReaderNoticesGapsGarbageAndShortening) {
  appendText("{\"seq\":0,\"attempt\":1,\"step\":1}\n{\"seq\":2,\"attempt\":1,\"step\":2}\n");
  MetricsReader reader(file_);
  const auto gap = reader.poll([](const MetricsRow&) {});
  ASSERT_FALSE(gap);
  EXPECT_THAT(gap.error().text(), HasSubstr("metrics.jsonl:2"));
  ASSERT_TRUE(replaceFile(file_, "x\n"));
  EXPECT_FALSE(reader.poll([](const MetricsRow&) {}));
  EXPECT_FALSE(MetricsReader(file_).poll([](const MetricsRow&) {}));
}

MetricsRow row(int attempt, int64_t step, double loss) {
  return {.attempt = attempt, .step = step, .values = {{"step", step}, {"loss", loss}}};
}

TEST(MetricsHistory, ANewAttemptSupersedesFromItsFirstStepOn) {
  MetricsHistory history;
  for (int step = 1; step <= 5; ++step) history.add(row(1, step, 10.0 - step));
  history.add(row(2, 4, 100));
  EXPECT_THAT(history.series().at("loss").steps, ElementsAre(1, 2, 3, 4));
  EXPECT_THAT(history.series().at("loss").values, ElementsAre(9, 8, 7, 100));
  EXPECT_EQ(history.rollbacks(), 1);
  history.add(row(3, 5, 50));
  EXPECT_EQ(history.rollbacks(), 1);
  EXPECT_EQ(history.lastStep(), 5);
  EXPECT_EQ(history.least("loss")->step, 3);
  EXPECT_EQ(history.greatest("loss")->value, 100);
  EXPECT_EQ(history.last("loss")->value, 50);
  EXPECT_FALSE(history.last("valid/loss"));
  EXPECT_EQ(history.series().count("step"), 0U);
}

TEST(MetricsHistory, AnEvaluationMayAddToTheSameStep) {
  MetricsHistory history;
  history.add(row(1, 1, 2.0));
  history.add({.attempt = 1, .step = 1, .values = {{"valid/loss", 2.5}, {"lr", nullptr}}});
  EXPECT_EQ(history.last("loss")->value, 2.0);
  EXPECT_EQ(history.last("valid/loss")->value, 2.5);
  EXPECT_FALSE(history.last("lr"));
}

TEST_F(Metrics, TheLastValuesAreFoundFromTheEnd) {
  EXPECT_TRUE(lastMetrics(file_).is_null());
  appendText("{\"seq\":0,\"loss\":3,\"valid/loss\":4}\n{\"seq\":1,\"loss\":2}\n{\"seq\":2,\"lo");
  const Json last = lastMetrics(file_);
  EXPECT_EQ(last["loss"], 2);
  EXPECT_EQ(last["valid/loss"], 4);
}

}  // namespace
}  // namespace z2
