#include <fstream>
#include <limits>
#include <optional>
#include <random>
#include <string>
#include <utility>
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

// Pieces of a megabyte are parsed ahead by other threads; lines are short, long, and longer than a
// piece, and the last one is torn.
TEST_F(Metrics, ALargeFileIsReadInPiecesEachLineOnce) {
  std::mt19937 random(1);
  std::vector<std::string> lines;
  uint64_t bytes = 0;
  for (uint64_t seq = 0; bytes < 12'000'000; ++seq) {
    const size_t length = seq % 900 == 899 ? 1'500'000 : seq % 100 == 7 ? 70'000 : random() % 3000;
    std::string line = R"({"seq":)" + std::to_string(seq) + R"(,"attempt":1,"step":)" +
                       std::to_string(seq + 1) + R"(,"note":")" + std::string(length, 'x') + '"';
    for (int metric = 0; metric < 5; ++metric)
      line += R"(,"m)" + std::to_string((seq / 500 + metric) % 9) + R"(":)" + std::to_string(seq);
    lines.push_back(line + "}");
    bytes += lines.back().size() + 1;
  }
  for (const std::string& line : lines) appendText(line + "\n");
  const std::string torn = R"({"seq":)" + std::to_string(lines.size());
  appendText(torn);

  for (const bool isStopping : {false, true}) {
    MetricsReader reader(file_);
    size_t next = 0;
    const auto take = [&](const MetricsRow& row) {
      ASSERT_LT(next, lines.size());
      ASSERT_EQ(row.line, lines[next]);
      ASSERT_EQ(row.values.size(), 5);
      for (const MetricValue& value : row.values) ASSERT_EQ(value.value, row.seq);
      for (int metric = 0; metric < 5; ++metric)
        ASSERT_TRUE(row.number("m" + std::to_string((row.seq / 500 + metric) % 9)));
      ++next;
    };
    for (int polls = 0; next < lines.size() && polls < 1000; ++polls)
      ASSERT_TRUE(reader.poll(take, {}, [&] { return !isStopping; }));
    EXPECT_EQ(next, lines.size());
    EXPECT_EQ(reader.bytes(), bytes);
    ASSERT_TRUE(reader.poll(take));  // the torn line is not there yet
    EXPECT_EQ(next, lines.size());
  }
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
        [&](const MetricsRow& row) { losses.push_back(row.number("loss").value()); });
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

TEST_F(Metrics, DamageIsToldAndPassedOverWhenSomebodyListens) {
  appendText(
      "{\"seq\":0,\"attempt\":1,\"step\":1,\"loss\":5}\n"
      "{\"seq\":1,\"attempt\":1,\"st\n"
      "{\"seq\":2,\"attempt\":1,\"step\":3,\"loss\":null}\n"
      "{\"seq\":3,\"attempt\":1,\"step\":4}{\"seq\":4,\"attempt\":1,\"step\":5}\n"
      "\n"
      "{\"seq\":6,\"attempt\":1,\"step\":7,\"note\":{\"a\":[1,{}]},\"loss\":4.5,\"ok\":true}\n");
  MetricsReader reader(file_);
  std::vector<int64_t> steps;
  std::vector<std::string> damages;
  std::optional<double> lastLoss;
  const auto done = reader.poll(
      [&](const MetricsRow& row) {
        steps.push_back(row.step);
        lastLoss = row.number("loss");
        EXPECT_EQ(row.values.size(), 1U);
      },
      [&](const Error& damage) { damages.push_back(damage.where); });
  ASSERT_TRUE(done) << done.error().text();
  EXPECT_THAT(steps, ElementsAre(1, 3, 7));
  EXPECT_EQ(lastLoss, 4.5);
  const std::string file = file_.native();
  EXPECT_THAT(damages,
              ElementsAre(file + ":2", file + ":3", file + ":4", file + ":5", file + ":6"));
  EXPECT_EQ(reader.position().lines, 6U);
  EXPECT_EQ(reader.position().nextSequence, 7U);
}

TEST_F(Metrics, ManyThreadsGiveTheRowsOfOne) {
  constexpr int kRows = 30'000;  // some megabytes: several blocks of several threads
  {
    std::ofstream out(file_, std::ios::binary);
    for (int i = 0; i < kRows; ++i)
      out << "{\"seq\":" << i << ",\"attempt\":1,\"step\":" << i + 1 << ",\"time\":" << i
          << ".5,\"tokens\":" << i * 10 << ",\"a_rather_long_name_of_a_metric\":" << i * 0.25
          << (i % 7 == 0 ? ",\"back\\\\slash\":1" : "") << ",\"m" << i / 1000 << "\":" << -i
          << "}\n";
  }
  MetricsReader reader(file_);
  int next = 0;
  const auto done = reader.poll([&](const MetricsRow& row) {
    ASSERT_EQ(row.step, next + 1);
    ASSERT_EQ(row.time, next + 0.5);
    ASSERT_EQ(row.tokens, next * 10);
    ASSERT_EQ(row.number("a_rather_long_name_of_a_metric"), next * 0.25);
    ASSERT_EQ(row.number("m" + std::to_string(next / 1000)), -next);
    ASSERT_EQ(row.number("back\\slash").has_value(), next % 7 == 0);
    ++next;
  });
  ASSERT_TRUE(done) << done.error().text();
  EXPECT_EQ(next, kRows);
}

class History : public ::testing::Test {
 protected:
  void add(int attempt, int64_t step, const std::vector<std::pair<std::string, double>>& numbers) {
    std::vector<MetricValue> values;
    for (const auto& [name, value] : numbers) values.push_back({names_.numberOf(name), value});
    history_.add({.attempt = attempt, .step = step, .values = values, .names = &names_});
  }

  MetricNames names_;
  MetricsHistory history_;
};

TEST_F(History, ANewAttemptSupersedesFromItsFirstStepOn) {
  for (int step = 1; step <= 5; ++step) add(1, step, {{"loss", 10.0 - step}});
  add(2, 4, {{"loss", 100}});
  EXPECT_THAT(history_.series().at("loss").steps, ElementsAre(1, 2, 3, 4));
  EXPECT_THAT(history_.series().at("loss").values, ElementsAre(9, 8, 7, 100));
  EXPECT_EQ(history_.rollbacks(), 1);
  add(3, 5, {{"loss", 50}});
  EXPECT_EQ(history_.rollbacks(), 1);
  EXPECT_EQ(history_.lastStep(), 5);
  EXPECT_EQ(history_.least("loss")->step, 3);
  EXPECT_EQ(history_.greatest("loss")->value, 100);
  EXPECT_EQ(history_.last("loss")->value, 50);
  EXPECT_FALSE(history_.last("valid/loss"));
}

TEST_F(History, AnEvaluationMayAddToTheSameStep) {
  add(1, 1, {{"loss", 2.0}});
  add(1, 1, {{"valid/loss", 2.5}, {"lr", std::numeric_limits<double>::quiet_NaN()}});
  EXPECT_EQ(history_.last("loss")->value, 2.0);
  EXPECT_EQ(history_.last("valid/loss")->value, 2.5);
  EXPECT_FALSE(history_.last("lr"));
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
