#include "core/data/batch_sampler.h"

#include <algorithm>
#include <cstdint>
#include <fstream>
#include <map>
#include <numeric>
#include <set>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/core/data/token_files.h"
#include "tests/support/temporary_folder.h"

namespace z2 {
namespace {

constexpr int64_t kVocab = 1000;

SamplerOptions optionsFor(const std::filesystem::path& prefix, int64_t length = 8) {
  return {.data = prefix.native(), .sequenceLength = length, .vocabSize = kVocab, .seed = 3};
}

Batch readRows(BatchSampler& sampler, uint64_t index, int64_t rows) {
  Batch batch;
  const auto done = sampler.read(index, rows, batch);
  EXPECT_TRUE(done) << done.error().text();
  return batch;
}

// Lengths with empty documents, documents shorter and longer than a sequence.
std::vector<int> mixedLengths() {
  std::vector<int> lengths;
  for (int i = 0; i < 90; ++i) lengths.push_back(i % 7 == 0 ? 0 : i % 5 == 0 ? 30 : i % 9);
  return lengths;
}

class BatchSamplerTest : public testing::Test {
 protected:
  void SetUp() override {
    documents_ = numberedDocuments(mixedLengths());
    for (auto& document : documents_) tokens_ += static_cast<int64_t>(document.size());
    ASSERT_LT(tokens_, kVocab);
    writeTokenFile(prefix_, documents_, kVocab);
  }

  TemporaryFolder folder_;
  std::filesystem::path prefix_ = folder_.path() / "a";
  std::vector<std::vector<int32_t>> documents_;
  int64_t tokens_ = 0;
};

TEST_F(BatchSamplerTest, EachTokenOfAnEpochIsSeenOnce) {
  for (const bool shuffle : {true, false}) {
    auto options = optionsFor(prefix_);
    options.shuffle = shuffle;
    auto sampler = BatchSampler::open(options).value();
    const auto samples = static_cast<int64_t>(sampler.samplesPerEpoch());
    EXPECT_EQ(samples, (tokens_ - 1 + 7) / 8);
    for (int epoch = 0; epoch < 3; ++epoch) {
      const Batch batch = readRows(sampler, static_cast<uint64_t>(epoch * samples), samples);
      std::vector<int> targets(static_cast<size_t>(tokens_));
      for (const int32_t target : batch.targets)
        if (target >= 0) ++targets[static_cast<size_t>(target)];
      // All but the first token of the epoch are predicted once.
      EXPECT_EQ(std::count(targets.begin(), targets.end(), 1), tokens_ - 1);
      EXPECT_EQ(batch.validTokens, tokens_ - 1);
    }
  }
}

TEST_F(BatchSamplerTest, TargetsAreTheNextTokens) {
  auto sampler = BatchSampler::open(optionsFor(prefix_)).value();
  const Batch batch = readRows(sampler, 0, 5);
  for (int64_t row = 0; row < 5; ++row)
    for (int64_t c = 0; c + 1 < batch.columns; ++c) {
      const auto at = static_cast<size_t>(row * batch.columns + c);
      if (batch.targets[at] >= 0) {
        EXPECT_EQ(batch.targets[at], batch.tokens[at + 1]);
      }
      EXPECT_EQ(batch.positions[at], c);
    }
  EXPECT_TRUE(batch.documentStart.empty());
}

TEST_F(BatchSamplerTest, TheOrderDoesNotDependOnHowItIsRead) {
  auto sampler = BatchSampler::open(optionsFor(prefix_)).value();
  const auto total = static_cast<int64_t>(sampler.samplesPerEpoch()) * 2 + 5;
  const Batch whole = readRows(sampler, 0, total);
  auto other = BatchSampler::open(optionsFor(prefix_)).value();
  for (int64_t i = total - 1; i >= 0; i -= 3) {
    const Batch one = readRows(other, static_cast<uint64_t>(i), 1);
    EXPECT_TRUE(std::equal(one.tokens.begin(), one.tokens.end(), whole.tokens.begin() + i * 8));
    EXPECT_TRUE(std::equal(one.targets.begin(), one.targets.end(), whole.targets.begin() + i * 8));
  }
}

TEST_F(BatchSamplerTest, EpochsAndSeedsDiffer) {
  auto sampler = BatchSampler::open(optionsFor(prefix_)).value();
  const auto samples = static_cast<int64_t>(sampler.samplesPerEpoch());
  const Batch first = readRows(sampler, 0, samples);
  const Batch second = readRows(sampler, static_cast<uint64_t>(samples), samples);
  EXPECT_NE(first.tokens, second.tokens);
  auto options = optionsFor(prefix_);
  options.seed = 4;
  auto other = BatchSampler::open(options).value();
  EXPECT_NE(readRows(other, 0, samples).tokens, first.tokens);
  EXPECT_NE(other.fingerprint(), sampler.fingerprint());
}

TEST_F(BatchSamplerTest, EvaluationFollowsTheFile) {
  auto options = optionsFor(prefix_);
  options.shuffle = false;
  auto sampler = BatchSampler::open(options).value();
  const Batch batch = readRows(sampler, 0, static_cast<int64_t>(sampler.samplesPerEpoch()));
  for (int64_t i = 0; i < tokens_ - 1; ++i)
    EXPECT_EQ(batch.tokens[static_cast<size_t>(i)], static_cast<int32_t>(i));
}

TEST_F(BatchSamplerTest, TheDocumentMaskSeparatesDocuments) {
  auto options = optionsFor(prefix_);
  options.documentMask = true;
  auto sampler = BatchSampler::open(options).value();
  std::vector<size_t> documentOf;
  for (size_t d = 0; d < documents_.size(); ++d)
    documentOf.insert(documentOf.end(), documents_[d].size(), d);
  const auto samples = static_cast<int64_t>(sampler.samplesPerEpoch());
  const Batch batch = readRows(sampler, 0, samples);
  for (size_t at = 0; at < batch.tokens.size(); ++at) {
    const auto column = static_cast<int32_t>(at % 8);
    const int32_t start = batch.documentStart[at];
    EXPECT_EQ(batch.positions[at], column - start);
    if (batch.targets[at] < 0) continue;
    const size_t document = documentOf[static_cast<size_t>(batch.tokens[at])];
    EXPECT_EQ(documentOf[static_cast<size_t>(batch.targets[at])], document);
    const size_t rowAt = at - static_cast<size_t>(column);
    EXPECT_EQ(documentOf[static_cast<size_t>(batch.tokens[rowAt + static_cast<size_t>(start)])],
              document);
    if (start > 0) {
      EXPECT_NE(
          documentOf[static_cast<size_t>(batch.tokens[rowAt + static_cast<size_t>(start) - 1])],
          document);
    }
  }
}

TEST_F(BatchSamplerTest, TheFingerprintKnowsTheDataAndNotThePlace) {
  auto sampler = BatchSampler::open(optionsFor(prefix_)).value();
  writeTokenFile(folder_.path() / "same", documents_, kVocab);
  EXPECT_EQ(BatchSampler::open(optionsFor(folder_.path() / "same")).value().fingerprint(),
            sampler.fingerprint());
  documents_[3][0] += 1;
  writeTokenFile(folder_.path() / "changed", documents_, kVocab);
  EXPECT_NE(BatchSampler::open(optionsFor(folder_.path() / "changed")).value().fingerprint(),
            sampler.fingerprint());
}

TEST_F(BatchSamplerTest, SetsAreMixedByWeight) {
  writeTokenFile(folder_.path() / "b", {std::vector<int32_t>(500, 999)}, kVocab);
  auto options = optionsFor(prefix_);
  options.data = "0.75:" + prefix_.native() + ",0.25:" + (folder_.path() / "b").native();
  auto sampler = BatchSampler::open(options).value();
  const Batch batch = readRows(sampler, 0, 400);
  int64_t ofB = 0;
  for (int64_t row = 0; row < 400; ++row)
    ofB += batch.tokens[static_cast<size_t>(row * 8)] == 999 ? 1 : 0;
  EXPECT_EQ(ofB, 100);
}

TEST_F(BatchSamplerTest, IdsOutsideOfTheVocabularyAreNamed) {
  std::filesystem::remove(folder_.path() / "a.manifest.json");
  auto options = optionsFor(prefix_);
  options.vocabSize = tokens_ - 1;
  auto sampler = BatchSampler::open(options).value();
  Batch batch;
  const auto outcome = sampler.read(0, static_cast<int64_t>(sampler.samplesPerEpoch()), batch);
  ASSERT_FALSE(outcome);
  EXPECT_EQ(outcome.error().code, ErrorCode::kBadInput);
  EXPECT_NE(outcome.error().where.find("a.bin"), std::string::npos);
  EXPECT_NE(outcome.error().what.find("of document 89"), std::string::npos);
}

TEST_F(BatchSamplerTest, DataOfALargerVocabularyIsRefusedAtOnce) {
  auto options = optionsFor(prefix_);
  options.vocabSize = kVocab - 1;
  EXPECT_FALSE(BatchSampler::open(options));
}

TEST(BatchSampler, DataShorterThanASequenceIsPadded) {
  const TemporaryFolder folder;
  writeTokenFile(folder.path() / "a", {{}, {7, 8}, {9}, {}});
  auto options = optionsFor(folder.path() / "a");
  options.documentMask = true;
  options.shuffle = false;
  auto sampler = BatchSampler::open(options).value();
  EXPECT_EQ(sampler.samplesPerEpoch(), 1U);
  const Batch batch = readRows(sampler, 1, 1);
  EXPECT_EQ(batch.tokens, (std::vector<int32_t>{7, 8, 9, 0, 0, 0, 0, 0}));
  EXPECT_EQ(batch.targets, (std::vector<int32_t>{8, -1, -1, -1, -1, -1, -1, -1}));
  EXPECT_EQ(batch.documentStart, (std::vector<int32_t>{0, 0, 2, 3, 3, 3, 3, 3}));
  EXPECT_EQ(batch.positions, (std::vector<int32_t>{0, 1, 0, 0, 1, 2, 3, 4}));
  EXPECT_EQ(batch.validTokens, 1);
}

TEST(BatchSampler, EmptyDataIsRefusedInWords) {
  const TemporaryFolder folder;
  for (const auto& documents : std::vector<std::vector<std::vector<int32_t>>>{{}, {{}}, {{1}}}) {
    writeTokenFile(folder.path() / "a", documents);
    const auto sampler = BatchSampler::open(optionsFor(folder.path() / "a"));
    ASSERT_FALSE(sampler);
    EXPECT_EQ(sampler.error().code, ErrorCode::kBadInput);
  }
}

TEST(BatchSampler, DataOfAnotherTaskIsRefused) {
  const TemporaryFolder folder;
  writeTokenFile(folder.path() / "a", {{1, 2, 3, 4}, {5, 6, 7}}, kVocab, "sft");
  ASSERT_TRUE(replaceFile(folder.path() / "a.mask", std::string("\0\0\1\1\1\0\1", 7)));
  const auto sampler = BatchSampler::open(optionsFor(folder.path() / "a"));
  ASSERT_FALSE(sampler);
  EXPECT_EQ(sampler.error().code, ErrorCode::kBadInput);
}

}  // namespace
}  // namespace z2
