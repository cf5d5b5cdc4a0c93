#include "core/data/sft_sampler.h"

#include <algorithm>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/data/token_file.h"
#include "tests/core/data/token_files.h"
#include "tests/support/temporary_folder.h"

namespace z2 {
namespace {

using testing::HasSubstr;

// Sample i has ids 10 i, 10 i + 1, …; its second half is trained.
std::vector<MaskedSample> someSamples() {
  std::vector<MaskedSample> samples;
  for (int32_t i = 0; i < 60; ++i) {
    MaskedSample sample;
    const int32_t length = 2 + (i * 7) % 9;
    for (int32_t k = 0; k < length; ++k) {
      sample.ids.push_back(10 * i + k);
      sample.mask.push_back(k >= length / 2 ? 1 : 0);
    }
    samples.push_back(sample);
  }
  return samples;
}

class SftSamplerTest : public testing::Test {
 protected:
  [[nodiscard]] SftSamplerOptions options() const {
    return {.data = prefix_.native(), .sequenceLength = 16, .vocabSize = 1000, .seed = 5};
  }
  TemporaryFolder folder_;
  std::filesystem::path prefix_ = folder_.path() / "a";
};

TEST_F(SftSamplerTest, AnEpochTrainsEachTrainedTokenOnceInItsOwnContext) {
  const auto samples = someSamples();
  writeSftFile(prefix_, samples);
  for (const bool isPacked : {true, false}) {
    auto chosen = options();
    chosen.isPacked = isPacked;
    auto sampler = SftSampler::open(chosen).value();
    const auto rows = static_cast<int64_t>(sampler.samplesPerEpoch());
    Batch batch;
    for (uint64_t epoch = 0; epoch < 2; ++epoch) {
      ASSERT_TRUE(sampler.read(epoch * static_cast<uint64_t>(rows), rows, batch));
      std::multiset<int32_t> targets;
      for (int64_t row = 0; row < rows; ++row)
        for (int64_t c = 0; c < 16; ++c) {
          const auto at = static_cast<size_t>(row * 16 + c);
          EXPECT_EQ(batch.positions[at], c - batch.documentStart[at]);
          if (batch.targets[at] < 0) continue;
          targets.insert(batch.targets[at]);
          EXPECT_EQ(batch.tokens[at] + 1, batch.targets[at]);
          // From where attention begins, all of the sample that comes before.
          const auto start = static_cast<size_t>(row * 16 + batch.documentStart[at]);
          EXPECT_EQ(batch.tokens[start] % 10, 0);
          EXPECT_EQ(batch.tokens[at] - batch.tokens[start], batch.positions[at]);
        }
      std::multiset<int32_t> expected;
      for (const auto& sample : samples)
        for (size_t k = 1; k < sample.ids.size(); ++k)
          if (sample.mask[k] != 0) expected.insert(sample.ids[k]);
      EXPECT_EQ(targets, expected);
      EXPECT_EQ(batch.validTokens, static_cast<int64_t>(expected.size()));
      EXPECT_EQ(sampler.packing().trainedTokens, expected.size());
    }
    EXPECT_EQ(sampler.packing().documents, 60U);
    EXPECT_EQ(sampler.packing().rows, static_cast<uint64_t>(rows));
    if (isPacked) {
      EXPECT_GT(sampler.packing().efficiency(), 0.9);
    }
    if (!isPacked) {
      EXPECT_EQ(rows, 60);
    }
  }
}

TEST_F(SftSamplerTest, OneNumberIsTheWholeCursor) {
  writeSftFile(prefix_, someSamples());
  auto sampler = SftSampler::open(options()).value();
  Batch all;
  ASSERT_TRUE(sampler.read(0, 60, all));
  auto again = SftSampler::open(options()).value();
  Batch part;
  ASSERT_TRUE(again.read(37, 5, part));
  EXPECT_TRUE(std::equal(part.tokens.begin(), part.tokens.end(), all.tokens.begin() + 37 * 16));
  EXPECT_TRUE(std::equal(part.targets.begin(), part.targets.end(), all.targets.begin() + 37 * 16));
}

TEST_F(SftSamplerTest, CountsWhatIsCutAndWhatHasNothingToTrain) {
  MaskedSample isLong;
  for (int32_t i = 0; i < 40; ++i) isLong.ids.push_back(i);
  isLong.mask.assign(40, 0);
  MaskedSample late = isLong;
  for (size_t i = 30; i < 40; ++i) late.mask[i] = 1;
  MaskedSample early = isLong;
  early.mask[3] = 1;
  writeSftFile(prefix_, {isLong, late, early});
  auto sampler = SftSampler::open(options()).value();
  EXPECT_EQ(sampler.packing().cut, 1U);
  EXPECT_EQ(sampler.packing().leftOut, 2U);
  EXPECT_EQ(sampler.samplesPerEpoch(), 1U);
  Batch batch;
  ASSERT_TRUE(sampler.read(0, 1, batch));
  EXPECT_EQ(batch.validTokens, 1);
  EXPECT_EQ(batch.targets[2], 3);
  EXPECT_EQ(batch.tokens[15], 15);
}

TEST_F(SftSamplerTest, SaysWhyDataCannotBeUsed) {
  writeSftFile(prefix_, {{{1, 2, 3}, {0, 0, 0}}});
  const auto nothing = SftSampler::open(options());
  ASSERT_FALSE(nothing);
  EXPECT_THAT(nothing.error().text(), HasSubstr("no sample has a trained token"));

  writeTokenFile(folder_.path() / "b", {{1, 2, 3}});
  auto other = options();
  other.data = (folder_.path() / "b").native();
  const auto wrongTask = SftSampler::open(other);
  ASSERT_FALSE(wrongTask);
  EXPECT_THAT(wrongTask.error().text(), HasSubstr("made for pretrain, not for sft"));

  writeSftFile(prefix_, {{{1, 2, 999}, {1, 1, 1}}});
  auto small = options();
  small.vocabSize = 1000;
  auto sampler = SftSampler::open(small).value();
  Batch batch;
  EXPECT_TRUE(sampler.read(0, 1, batch));
  std::filesystem::remove(withSuffix(prefix_, ".mask"));
  EXPECT_FALSE(SftSampler::open(options()));
}

TEST_F(SftSamplerTest, TheFingerprintFollowsTheMask) {
  writeSftFile(prefix_, {{{1, 2, 3}, {0, 1, 1}}});
  const std::string first = SftSampler::open(options()).value().fingerprint();
  EXPECT_EQ(SftSampler::open(options()).value().fingerprint(), first);
  writeSftFile(prefix_, {{{1, 2, 3}, {0, 0, 1}}});
  EXPECT_NE(SftSampler::open(options()).value().fingerprint(), first);
}

TEST_F(SftSamplerTest, MixesSetsByWeight) {
  std::vector<MaskedSample> other;
  for (int32_t i = 0; i < 12; ++i) other.push_back({{900, 901, 902}, {0, 1, 1}});
  writeSftFile(prefix_, someSamples());
  writeSftFile(folder_.path() / "b", other);
  auto chosen = options();
  chosen.data = "0.5:" + prefix_.native() + ",0.5:" + (folder_.path() / "b").native();
  auto sampler = SftSampler::open(chosen).value();
  Batch batch;
  ASSERT_TRUE(sampler.read(0, 20, batch));
  int64_t fromOther = 0;
  for (size_t row = 0; row < 20; ++row) fromOther += batch.tokens[row * 16] == 900 ? 1 : 0;
  EXPECT_EQ(fromOther, 10);
}

}  // namespace
}  // namespace z2
