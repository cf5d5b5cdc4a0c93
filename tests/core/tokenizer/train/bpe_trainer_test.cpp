#include "core/tokenizer/train/bpe_trainer.h"

#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/io/files.h"
#include "tests/core/tokenizer/train/golden_cases.h"
#include "tests/support/temporary_folder.h"

namespace z2 {
namespace {

std::vector<std::string> mergesOf(const BpeModel& model) {
  std::vector<std::string> merges;
  for (const BpeMerge& merge : model.merges)
    merges.push_back(*model.tokens[static_cast<size_t>(merge.left)] + " " +
                     *model.tokens[static_cast<size_t>(merge.right)]);
  return merges;
}

std::vector<std::string> learntTokens(const BpeModel& model, size_t count) {
  std::vector<std::string> tokens;
  for (size_t i = model.tokens.size() - count; i < model.tokens.size(); ++i)
    tokens.push_back(*model.tokens[i]);
  return tokens;
}

BpeTrainingOptions optionsOf(const GoldenCase& golden, const std::filesystem::path& text) {
  BpeTrainingOptions options;
  options.inputs = {text};
  options.vocabSize = golden.vocabSize;
  options.pattern = golden.pattern;
  options.specialTokens = golden.specialTokens;
  options.minFrequency = golden.minFrequency;
  options.maxTokenLength = golden.maxTokenLength;
  options.showsProgress = false;
  return options;
}

TEST(BpeTrainer, LearnsWhatTokenizersLearns) {
  const TemporaryFolder folder;
  const std::filesystem::path text = folder.path() / "text.txt";
  const std::vector<GoldenCase> cases = readGoldenCases();
  ASSERT_GE(cases.size(), 40U);
  for (const GoldenCase& golden : cases) {
    ASSERT_TRUE(replaceFile(text, golden.text));
    for (const size_t threads : {1, 2, 3}) {
      BpeTrainingOptions options = optionsOf(golden, text);
      options.threads = threads;
      const auto trained = trainByteLevelBpe(options);
      ASSERT_TRUE(trained) << golden.name << ": " << trained.error().text();
      const BpeModel& model = trained->definition.model;
      EXPECT_EQ(model.tokens.size(), golden.size) << golden.name;
      EXPECT_EQ(learntTokens(model, golden.vocab.size()), golden.vocab) << golden.name;
      EXPECT_EQ(mergesOf(model), golden.merges) << golden.name;
    }
  }
}

// Enough distinct words that a small limit sends them over the disk.
std::string manyWords(size_t count) {
  std::string text;
  uint64_t state = 1;
  for (size_t i = 0; i < count; ++i) {
    state = state * 6364136223846793005U + 1442695040888963407U;
    const std::string digits = std::to_string(state >> 40);
    for (const char digit : digits) text += static_cast<char>('a' + (digit - '0') * 2);
    text += i % 9 == 8 ? '\n' : ' ';
  }
  return text;
}

TEST(BpeTrainer, LearnsTheSameOverTheDisk) {
  const TemporaryFolder folder;
  const std::filesystem::path text = folder.path() / "text.txt";
  ASSERT_TRUE(replaceFile(text, manyWords(900'000)));
  BpeTrainingOptions options;
  options.inputs = {text};
  options.vocabSize = 600;
  options.threads = 2;
  options.showsProgress = false;
  options.spillFolder = folder.path();
  const auto inMemory = trainByteLevelBpe(options);
  ASSERT_TRUE(inMemory);
  EXPECT_EQ(inMemory->counted.spilledBytes, 0U);
  options.maxMemory = uint64_t{150} << 20;
  const auto overDisk = trainByteLevelBpe(options);
  ASSERT_TRUE(overDisk);
  EXPECT_GT(overDisk->counted.spilledBytes, 0U);
  EXPECT_EQ(overDisk->counted.sample.everyNth, 1U);
  EXPECT_EQ(overDisk->counted.distinctWords, inMemory->counted.distinctWords);
  EXPECT_EQ(mergesOf(overDisk->definition.model), mergesOf(inMemory->definition.model));

  options.maxMemory = uint64_t{64} << 20;
  const auto sampled = trainByteLevelBpe(options);
  ASSERT_TRUE(sampled);
  EXPECT_GT(sampled->counted.sample.everyNth, 1U);
  EXPECT_EQ(sampled->counted.distinctWords, inMemory->counted.distinctWords);
  EXPECT_EQ(sampled->definition.model.tokens.size(), 600U);
  options.threads = 3;
  const auto again = trainByteLevelBpe(options);
  ASSERT_TRUE(again);
  EXPECT_EQ(mergesOf(again->definition.model), mergesOf(sampled->definition.model));
}

TEST(BpeTrainer, ReadsFieldsOfJson) {
  const TemporaryFolder folder;
  const auto lines = folder.path() / "a.jsonl";
  const auto array = folder.path() / "a.json";
  ASSERT_TRUE(
      replaceFile(lines, "{\"title\":\"abab\",\"n\":1}\n\n{\"title\":\"abab\",\"body\":\"cdcd\"}"));
  ASSERT_TRUE(replaceFile(array, "[{\"title\":\"abab\"},{\"title\":null,\"body\":\"cdcd\"}]"));
  for (const auto& path : {lines, array}) {
    BpeTrainingOptions options;
    options.inputs = {path};
    options.fields = {"title", "body"};
    options.vocabSize = 259;
    options.showsProgress = false;
    const auto trained = trainByteLevelBpe(options);
    ASSERT_TRUE(trained) << trained.error().text();
    EXPECT_EQ(mergesOf(trained->definition.model).front(), "a b");
    EXPECT_EQ(trained->counted.documents, path == lines ? 3U : 2U);
  }
}

TEST(BpeTrainer, NamesTheLineThatIsWrong) {
  const TemporaryFolder folder;
  const auto path = folder.path() / "a.jsonl";
  BpeTrainingOptions options;
  options.inputs = {path};
  options.vocabSize = 300;
  options.showsProgress = false;
  const auto errorOf = [&](std::string_view content) {
    EXPECT_TRUE(replaceFile(path, content));
    const auto trained = trainByteLevelBpe(options);
    return trained ? Error{} : trained.error();
  };
  EXPECT_THAT(errorOf("{\"text\":\"a\"}\n{\"text\":{\"a\":1}}\n").where,
              testing::EndsWith("a.jsonl:2"));
  EXPECT_THAT(errorOf("{\"text\":\"a\"}\n\n{\"text\"\n").where, testing::EndsWith("a.jsonl:3"));
  const Error missing = errorOf("{\"content\":\"a\"}\n");
  EXPECT_EQ(missing.code, ErrorCode::kBadInput);
  EXPECT_THAT(missing.what, testing::HasSubstr("content"));

  options.inputs = {folder.path() / "b.txt"};
  EXPECT_EQ(trainByteLevelBpe(options).error().code, ErrorCode::kBadInput);
  ASSERT_TRUE(replaceFile(options.inputs[0], "good\nbad \xFF\n"));
  EXPECT_THAT(trainByteLevelBpe(options).error().where, testing::EndsWith("b.txt:2"));
}

TEST(BpeTrainer, EveryFormatGivesTheSameTokenizer) {
  const TemporaryFolder folder;
  const auto trainOn = [&](const std::string& name, std::string_view content) {
    BpeTrainingOptions options;
    options.inputs = {folder.path() / name};
    EXPECT_TRUE(replaceFile(options.inputs[0], content));
    options.vocabSize = 266;
    options.fields = {"a", "b"};
    options.showsProgress = false;
    const BpeTraining trained = trainByteLevelBpe(options).value();
    EXPECT_EQ(trained.counted.documents, 3U);
    return trained.definition.model.tokens;
  };
  const auto lines = trainOn("a.jsonl",
                             "{\"a\":\"low lower\",\"b\":\"lowest\"}\n"
                             "\n{\"b\":null,\"a\":\"newest\"}\n");
  EXPECT_EQ(
      trainOn("a.json", "[{\"a\":\"low lower\",\"b\":\"lowest\"},{\"b\":\"\",\"a\":\"newest\"}]"),
      lines);
}

TEST(BpeTrainer, ALineOfTextKeepsItsEnd) {
  const TemporaryFolder folder;
  BpeTrainingOptions options;
  options.inputs = {folder.path() / "a.txt"};
  ASSERT_TRUE(replaceFile(options.inputs[0], "one\r\n\n\ntwo"));
  options.vocabSize = 300;
  options.showsProgress = false;
  const BpeTraining trained = trainByteLevelBpe(options).value();
  EXPECT_EQ(trained.counted.documents, 4U);
  EXPECT_EQ(trained.counted.bytes, 10U);
}

TEST(BpeTrainer, RefusesWhatItCannotDo) {
  BpeTrainingOptions options;
  options.inputs = {"/nowhere"};
  options.vocabSize = 256;
  EXPECT_EQ(trainByteLevelBpe(options).error().code, ErrorCode::kUsage);
  options.vocabSize = 300;
  options.pattern = "gpt5";
  EXPECT_EQ(trainByteLevelBpe(options).error().code, ErrorCode::kUsage);
  options.pattern = "gpt2";
  EXPECT_EQ(trainByteLevelBpe(options).error().code, ErrorCode::kBadInput);
}

TEST(BpeTrainer, AlwaysHasATokenThatEndsDocuments) {
  const TemporaryFolder folder;
  BpeTrainingOptions options;
  options.inputs = {folder.path() / "a.txt"};
  ASSERT_TRUE(replaceFile(options.inputs[0], "text\n"));
  options.vocabSize = 300;
  options.showsProgress = false;
  EXPECT_EQ(trainByteLevelBpe(options)->definition.eosToken, "<|endoftext|>");
  options.specialTokens = {"<s>", "</s>", "<pad>", "<s>"};
  const auto named = trainByteLevelBpe(options);
  EXPECT_EQ(named->definition.addedTokens.size(), 3U);
  EXPECT_EQ(named->definition.bosToken, "<s>");
  EXPECT_EQ(named->definition.eosToken, "</s>");
  EXPECT_EQ(named->definition.padToken, "<pad>");
  options.specialTokens = {"<|im_start|>", "<|im_end|>"};
  const auto added = trainByteLevelBpe(options);
  EXPECT_EQ(added->definition.addedTokens.back().content, "<|endoftext|>");
  EXPECT_EQ(added->definition.addedTokens.back().id, 2);
}

}  // namespace
}  // namespace z2
