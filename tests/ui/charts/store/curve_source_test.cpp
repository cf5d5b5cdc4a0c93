#include "ui/charts/store/curve_source.h"

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/io/files.h"
#include "tests/support/temporary_folder.h"
#include "ui/charts/store/curve_cache.h"

namespace z2::ui {
namespace {

using ::testing::HasSubstr;

class Source : public ::testing::Test {
 protected:
  void append(const std::string& text) {
    std::ofstream(file_, std::ios::app | std::ios::binary) << text;
  }
  static std::string line(int seq, int attempt, int step, double loss) {
    return "{\"seq\":" + std::to_string(seq) + ",\"attempt\":" + std::to_string(attempt) +
           ",\"step\":" + std::to_string(step) + ",\"time\":" + std::to_string(1000 + seq) +
           ",\"tokens\":" + std::to_string(step * 64) + ",\"loss\":" + std::to_string(loss) + "}\n";
  }
  void appendRun(int rows) {
    std::string text;
    for (int i = 0; i < rows; ++i) text += line(i, 1, i + 1, i % 37);
    append(text + "broken\n" + line(rows, 2, rows / 2, 0.25));
  }
  static void expectSame(const RunCurves& a, const RunCurves& b) {
    ASSERT_EQ(a.current().rows(), b.current().rows());
    ASSERT_EQ(a.superseded().size(), b.superseded().size());
    ASSERT_EQ(a.damageCount(), b.damageCount());
    ASSERT_EQ(a.damages().size(), b.damages().size());
    for (size_t i = 0; i < a.damages().size(); ++i)
      EXPECT_EQ(a.damages()[i].text(), b.damages()[i].text());
    const CurveSeries& left = *a.series("loss");
    const CurveSeries& right = *b.series("loss");
    ASSERT_EQ(left.size(), right.size());
    for (uint32_t row = 0; row < a.current().rows(); ++row)
      for (const XAxis axis : {XAxis::kStep, XAxis::kTokens, XAxis::kWallTime, XAxis::kRunTime})
        ASSERT_EQ(a.current().x(axis, row), b.current().x(axis, row));
    for (size_t i = 0; i < left.size(); ++i) ASSERT_EQ(left.raw().values[i], right.raw().values[i]);
    const Extremes most = left.raw().extremes(0, left.size());
    const Extremes same = right.raw().extremes(0, right.size());
    EXPECT_EQ(most.least, same.least);
    EXPECT_EQ(most.greatest, same.greatest);
  }

  TemporaryFolder folder_;
  std::filesystem::path file_ = folder_.path() / "metrics.jsonl";
  std::filesystem::path cache_ = folder_.path() / "metrics.cache";
};

TEST_F(Source, FollowsAFileAndNamesDamagedLines) {
  CurveSource source(file_, {});
  ASSERT_TRUE(source.poll());
  append(line(0, 1, 1, 5) + line(1, 1, 2, 4).substr(0, 20));
  ASSERT_TRUE(source.poll());
  EXPECT_EQ(source.curves().current().rows(), 1U);
  const uint64_t version = source.version();
  ASSERT_TRUE(source.poll());
  EXPECT_EQ(source.version(), version);
  append("\n" + line(2, 1, 3, 3));
  ASSERT_TRUE(source.poll());
  EXPECT_NE(source.version(), version);
  EXPECT_EQ(source.curves().current().rows(), 2U);
  ASSERT_EQ(source.curves().damageCount(), 2U);  // the torn line, and seq 1, which is missing
  EXPECT_THAT(source.curves().damages()[0].text(), HasSubstr("metrics.jsonl:2"));
}

TEST_F(Source, AReplacedOrShortenedFileIsReadAnew) {
  append(line(0, 1, 1, 5) + line(1, 1, 2, 4));
  CurveSource source(file_, {});
  ASSERT_TRUE(source.poll());
  ASSERT_TRUE(replaceFile(file_, line(0, 1, 1, 9) + line(1, 1, 2, 8) + line(2, 1, 3, 7)));
  ASSERT_TRUE(source.poll());
  EXPECT_EQ(source.curves().current().rows(), 3U);
  std::filesystem::resize_file(file_, line(0, 1, 1, 9).size());
  ASSERT_TRUE(source.poll());
  EXPECT_EQ(source.curves().current().rows(), 1U);
  EXPECT_EQ(source.curves().damageCount(), 0U);
}

TEST_F(Source, SmoothsWhatItIsAskedForAndWhatComes) {
  append(line(0, 1, 1, 5) + line(1, 1, 2, 4));
  CurveSource source(file_, {});
  ASSERT_TRUE(source.poll());
  source.smooth(0.5, {"loss", "valid/loss"});
  append(line(2, 1, 3, 3) + line(3, 2, 2, 2));
  ASSERT_TRUE(source.poll());
  const CurveSeries& loss = *source.curves().series("loss");
  ASSERT_NE(loss.smooth(), nullptr);
  ASSERT_EQ(loss.smooth()->values.size(), 2U);
  EXPECT_NEAR(loss.smooth()->values[1], (5 * 0.25 + 2 * 0.5) / 0.75, 1e-6);
  source.smooth(0, {});
  EXPECT_EQ(loss.smooth(), nullptr);
}

TEST_F(Source, TheCacheGivesTheSameCurvesAndGoesOn) {
  appendRun(5000);
  CurveSource plain(file_, {});
  ASSERT_TRUE(plain.poll());
  MetricsReader reader(file_);
  RunCurves curves;
  ASSERT_TRUE(reader.poll([&](const MetricsRow& row) { curves.add(row); },
                          [&](const Error& damage) { curves.addDamage(damage); }));
  ASSERT_TRUE(saveCurves(cache_, curves, reader.position(), file_));
  const auto loaded = loadCurves(cache_, file_);
  ASSERT_TRUE(loaded);
  expectSame(loaded->curves, plain.curves());

  append(line(5001, 2, 2501, 1) + line(5002, 3, 2400, 2));
  CurveSource cached(file_, cache_);
  ASSERT_TRUE(cached.poll());
  ASSERT_TRUE(plain.poll());
  expectSame(cached.curves(), plain.curves());
}

TEST_F(Source, ACacheOfAnotherFileOrADamagedOneIsNotBelieved) {
  appendRun(500);
  MetricsReader reader(file_);
  RunCurves curves;
  const auto ignore = [](const Error&) {};
  ASSERT_TRUE(reader.poll([&](const MetricsRow& row) { curves.add(row); }, ignore));
  ASSERT_TRUE(saveCurves(cache_, curves, reader.position(), file_));
  const std::string good = readFile(cache_).value();
  for (size_t at = 0; at < good.size(); at += good.size() / 97) {
    std::string bad = good;
    bad[at] = static_cast<char>(bad[at] ^ 0x40);
    ASSERT_TRUE(replaceFile(cache_, bad));
    ASSERT_FALSE(loadCurves(cache_, file_)) << "byte " << at;
    ASSERT_TRUE(replaceFile(cache_, good.substr(0, at)));
    ASSERT_FALSE(loadCurves(cache_, file_)) << "cut at " << at;
  }
  ASSERT_TRUE(replaceFile(cache_, good));
  ASSERT_TRUE(loadCurves(cache_, file_));
  // The same size and inode, other bytes.
  {
    std::fstream edited(file_, std::ios::in | std::ios::out | std::ios::binary);
    edited.seekp(20);
    edited << '9';
  }
  EXPECT_FALSE(loadCurves(cache_, file_));
  ASSERT_TRUE(replaceFile(file_, readFile(file_).value() + line(501, 2, 251, 1)));
  EXPECT_FALSE(loadCurves(cache_, file_));
}

}  // namespace
}  // namespace z2::ui
