#include "core/data/dpo_sampler.h"

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

// Pair i: prompt 20 i …, chosen 20 i + 10 …, rejected 20 i + 15 …
std::vector<PreferencePair> somePairs() {
  std::vector<PreferencePair> pairs;
  for (int32_t i = 0; i < 40; ++i) {
    PreferencePair pair;
    for (int32_t k = 0; k < 1 + i % 7; ++k) pair.prompt.push_back(20 * i + k);
    const auto fill = [&](MaskedSample& sample, int32_t first, int32_t count) {
      for (int32_t k = 0; k < count; ++k) sample.ids.push_back(first + k);
      sample.mask.assign(sample.ids.size(), 1);
    };
    fill(pair.chosen, 20 * i + 10, 1 + i % 5);
    fill(pair.rejected, 20 * i + 15, 1 + i % 4);
    pairs.push_back(pair);
  }
  return pairs;
}

class DpoSamplerTest : public testing::Test {
 protected:
  [[nodiscard]] DpoSamplerOptions options() const {
    return {.data = prefix_.native(), .sequenceLength = 24, .vocabSize = 1000, .seed = 5};
  }
  TemporaryFolder folder_;
  std::filesystem::path prefix_ = folder_.path() / "a";
};

TEST_F(DpoSamplerTest, BothSequencesOfAPairAreInOneGroupWholeAndMasked) {
  const auto pairs = somePairs();
  writeDpoFile(prefix_, pairs);
  for (const bool isPacked : {true, false}) {
    auto chosen = options();
    chosen.isPacked = isPacked;
    auto sampler = DpoSampler::open(chosen).value();
    EXPECT_EQ(sampler.pairs(), 40U);
    const auto groups = static_cast<int64_t>(sampler.groupsPerEpoch());
    PreferenceBatch out;
    std::set<uint64_t> seen;
    for (int64_t group = 0; group < groups; ++group) {
      ASSERT_TRUE(sampler.read(static_cast<uint64_t>(group), 1, out));
      ASSERT_EQ(out.batch.rows, 2);
      ASSERT_EQ(out.completionTokens.size(), out.pairs.size() * 2);
      // Tokens, targets and positions of each sequence, in order of the columns.
      std::map<int32_t, std::vector<int32_t>> tokens, targets;
      for (size_t at = 0; at < out.sequence.size(); ++at) {
        if (out.sequence[at] < 0) continue;
        EXPECT_EQ(out.batch.positions[at], static_cast<int32_t>(tokens[out.sequence[at]].size()));
        tokens[out.sequence[at]].push_back(out.batch.tokens[at]);
        targets[out.sequence[at]].push_back(out.batch.targets[at]);
      }
      ASSERT_EQ(tokens.size(), out.pairs.size() * 2);
      for (size_t k = 0; k < out.pairs.size(); ++k) {
        EXPECT_TRUE(seen.insert(out.pairs[k]).second);
        const PreferencePair& pair = pairs[out.pairs[k]];
        for (const auto side : {size_t{0}, size_t{1}}) {
          const auto number = static_cast<int32_t>(2 * k + side);
          const auto& completion = side == 0 ? pair.chosen : pair.rejected;
          std::vector<int32_t> ids = pair.prompt;
          ids.insert(ids.end(), completion.ids.begin(), completion.ids.end());
          std::vector<int32_t> expected(ids.begin() + 1, ids.end());
          std::fill_n(expected.begin(), pair.prompt.size() - 1, -1);
          EXPECT_EQ(targets[number], expected);
          ids.pop_back();
          EXPECT_EQ(tokens[number], ids);
          EXPECT_EQ(out.completionTokens[static_cast<size_t>(number)],
                    static_cast<int32_t>(completion.ids.size()));
        }
      }
    }
    EXPECT_EQ(seen.size(), 40U);
    if (isPacked) {
      EXPECT_GT(sampler.packing().efficiency(), 0.9);
    }
    if (!isPacked) {
      EXPECT_EQ(groups, 40);
    }
  }
}

TEST_F(DpoSamplerTest, CutsAtTheChosenEnd) {
  PreferencePair pair;
  for (int32_t i = 0; i < 20; ++i) pair.prompt.push_back(i);
  for (int32_t i = 100; i < 110; ++i) pair.chosen.ids.push_back(i);
  pair.chosen.mask.assign(10, 1);
  pair.rejected = pair.chosen;
  pair.rejected.ids[0] = 200;
  writeDpoFile(prefix_, {pair});
  for (const bool keepsEnd : {false, true}) {
    auto chosen = options();
    if (keepsEnd) chosen.truncation = DpoSamplerOptions::Truncation::kKeepEnd;
    auto sampler = DpoSampler::open(chosen).value();
    EXPECT_EQ(sampler.packing().cut, 1U);
    PreferenceBatch out;
    ASSERT_TRUE(sampler.read(0, 1, out));
    EXPECT_EQ(out.batch.tokens[0], keepsEnd ? 5 : 0);
    EXPECT_EQ(out.completionTokens[0], keepsEnd ? 10 : 5);
    EXPECT_EQ(out.batch.targets[23], keepsEnd ? 109 : 104);
  }
}

TEST_F(DpoSamplerTest, LeavesOutPairsWithAnUntrainedSide) {
  auto pairs = somePairs();
  std::fill(pairs[3].chosen.mask.begin(), pairs[3].chosen.mask.end(), uint8_t{0});
  writeDpoFile(prefix_, pairs);
  const auto sampler = DpoSampler::open(options()).value();
  EXPECT_EQ(sampler.packing().leftOut, 1U);
  EXPECT_EQ(sampler.pairs(), 40U);
}

TEST_F(DpoSamplerTest, RefusesDataThatHoldsNoPairs) {
  writeSftFile(prefix_, {{{1, 2, 3}, {0, 1, 1}}});
  const auto wrongTask = DpoSampler::open(options());
  ASSERT_FALSE(wrongTask);
  EXPECT_THAT(wrongTask.error().text(), HasSubstr("made for sft, not for dpo"));
  std::filesystem::remove(withSuffix(prefix_, ".manifest.json"));
  const auto noPairs = DpoSampler::open(options());
  ASSERT_FALSE(noPairs);
  EXPECT_THAT(noPairs.error().text(), HasSubstr("document 0 has 1 sequences"));
}

TEST_F(DpoSamplerTest, TheOrderIsNoPartOfTheDataFingerprint) {
  writeDpoFile(prefix_, somePairs());
  const auto one = DpoSampler::open(options()).value();
  auto chosen = options();
  chosen.seed = 6;
  const auto two = DpoSampler::open(chosen).value();
  EXPECT_NE(one.fingerprint(), two.fingerprint());
  EXPECT_EQ(one.dataFingerprint(), two.dataFingerprint());
  chosen.sequenceLength = 20;
  EXPECT_NE(DpoSampler::open(chosen).value().dataFingerprint(), one.dataFingerprint());
}

}  // namespace
}  // namespace z2
