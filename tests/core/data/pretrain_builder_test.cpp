#include "core/data/pretrain_builder.h"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "core/data/token_file.h"
#include "core/io/files.h"
#include "tests/core/data/byte_encoder.h"
#include "tests/support/temporary_folder.h"

namespace z2 {
namespace {

constexpr const char* kOutputs[] = {
    ".bin",       ".idx",       ".manifest.json",      ".dropped.jsonl",
    ".valid.bin", ".valid.idx", ".valid.manifest.json"};

class PretrainBuilderTest : public testing::Test {
 protected:
  void SetUp() override {
    std::string lines;
    for (int i = 0; i < 6000; ++i) {
      if (i % 500 == 7) lines += "{\"text\": broken\n";
      if (i % 500 == 8) lines += "{\"text\": \"  \"}\n";
      lines += "{\"title\":\"" + std::to_string(i) + "\",\"text\":\"" +
               std::string(static_cast<size_t>(i * 7 % 1300), 'x') + "\"}\n";
    }
    ASSERT_TRUE(replaceFile(folder_.path() / "a.jsonl", lines));
    ASSERT_TRUE(replaceFile(folder_.path() / "b.txt", "one\n\ntwo\nlines\n"));
  }

  PretrainOptions options(const std::string& output) const {
    PretrainOptions made;
    made.inputs = {folder_.path() / "a.jsonl", folder_.path() / "b.txt"};
    made.fields.fields = {"title", "text"};
    made.output = folder_.path() / output;
    made.validFraction = 0.1;
    made.shouldStop = [] { return false; };
    return made;
  }

  void expectSameOutputs(const std::string& one, const std::string& other) const {
    for (const char* suffix : kOutputs)
      EXPECT_EQ(readFile(withSuffix(folder_.path() / one, suffix)).value(),
                readFile(withSuffix(folder_.path() / other, suffix)).value())
          << suffix;
  }

  void expectNoUnfinishedFiles() const {
    for (const auto& entry : std::filesystem::directory_iterator(folder_.path())) {
      EXPECT_NE(entry.path().extension(), ".part") << entry.path();
      EXPECT_EQ(entry.path().native().find(".journal"), std::string::npos) << entry.path();
    }
  }

  TemporaryFolder folder_;
  ByteEncoder encoder_;
};

TEST_F(PretrainBuilderTest, TheNumberOfWorkersDoesNotChangeTheBytes) {
  for (const int workers : {1, 2, 5}) {
    auto made = options("w" + std::to_string(workers));
    made.workers = workers;
    const auto summary = buildPretrainData(made, encoder_);
    ASSERT_TRUE(summary) << summary.error().text();
    EXPECT_EQ(summary->droppedRecords, 24U);
    EXPECT_EQ(summary->train.dropped.at("broken JSON"), 12U);
    EXPECT_EQ(summary->train.dropped.at("empty"), 12U);
    EXPECT_EQ(summary->train.documents + summary->valid->documents, 6002U);
  }
  expectSameOutputs("w1", "w2");
  expectSameOutputs("w1", "w5");
  expectNoUnfinishedFiles();
}

TEST_F(PretrainBuilderTest, DocumentsAreTheFieldsAndEndWithEndOfText) {
  auto made = options("a");
  made.validFraction = 0;
  ASSERT_TRUE(buildPretrainData(made, encoder_));
  const auto file = TokenFile::open(made.output).value();
  const auto textOf = [&](uint64_t i) {
    std::vector<int32_t> ids(file.index().documentTokens(i));
    file.read(file.index().documentStart(i), ids);
    EXPECT_EQ(ids.back(), 256);
    return std::string(ids.begin(), ids.end() - 1);
  };
  EXPECT_EQ(textOf(1), "1\nxxxxxxx");
  EXPECT_EQ(textOf(file.index().documents() - 1), "two\nlines");
  EXPECT_EQ(textOf(file.index().documents() - 2), "one");
}

TEST_F(PretrainBuilderTest, ASecondBuildOfOnePrefixIsRefused) {
  auto made = options("a");
  std::optional<Error> second;
  made.shouldStop = [&] {
    if (!second) second = buildPretrainData(options("a"), encoder_).error();
    return false;
  };
  ASSERT_TRUE(buildPretrainData(made, encoder_));
  ASSERT_TRUE(second);
  EXPECT_EQ(second->code, ErrorCode::kEnvironment);
  EXPECT_EQ(second->where, made.output.native());
  EXPECT_FALSE(std::filesystem::exists(withSuffix(made.output, ".lock")));
  ASSERT_TRUE(buildPretrainData(options("whole"), encoder_));
  expectSameOutputs("whole", "a");
}

TEST_F(PretrainBuilderTest, OverwritingRemovesTheOldHeldOutPart) {
  ASSERT_TRUE(buildPretrainData(options("a"), encoder_));
  auto again = options("a");
  again.validFraction = 0;
  again.isOverwriting = true;
  ASSERT_TRUE(buildPretrainData(again, encoder_));
  for (const char* suffix : {".valid.bin", ".valid.idx", ".valid.manifest.json"})
    EXPECT_FALSE(std::filesystem::exists(withSuffix(again.output, suffix))) << suffix;
  // Data of its own of that name is not the held-out part of an earlier build.
  auto own = options("a.valid");
  own.validFraction = 0;
  ASSERT_TRUE(buildPretrainData(own, encoder_));
  ASSERT_TRUE(buildPretrainData(again, encoder_));
  EXPECT_TRUE(std::filesystem::exists(withSuffix(own.output, ".bin")));
}

TEST_F(PretrainBuilderTest, StoppedAnywhereItGoesOnToTheSameBytes) {
  ASSERT_TRUE(buildPretrainData(options("whole"), encoder_));
  auto made = options("cut");
  made.workers = 2;
  made.journalInterval = std::chrono::milliseconds(0);
  int stops = 0;
  while (true) {
    int asked = 0;
    made.shouldStop = [&asked] { return ++asked > 2; };
    const auto summary = buildPretrainData(made, encoder_);
    if (summary) {
      EXPECT_FALSE(summary->notices.empty());
      EXPECT_LT(summary->readBytes, summary->inputBytes);
      break;
    }
    ASSERT_EQ(summary.error().code, ErrorCode::kInterrupted) << summary.error().text();
    EXPECT_FALSE(std::filesystem::exists(folder_.path() / "cut.bin"));
    ASSERT_LT(++stops, 100);
  }
  EXPECT_GT(stops, 1);
  expectSameOutputs("whole", "cut");
  expectNoUnfinishedFiles();
}

TEST_F(PretrainBuilderTest, OutputAfterTheJournalIsCutOff) {
  ASSERT_TRUE(buildPretrainData(options("whole"), encoder_));
  auto made = options("cut");
  int asked = 0;
  made.shouldStop = [&asked] { return ++asked > 3; };
  ASSERT_FALSE(buildPretrainData(made, encoder_));
  // As after a crash between two journals.
  for (const char* suffix :
       {".bin.part", ".lengths.part", ".valid.bin.part", ".dropped.jsonl.part"}) {
    const auto path = withSuffix(made.output, suffix);
    ASSERT_TRUE(replaceFile(path, readFile(path).value() + "junk that was not committed"));
  }
  made.shouldStop = [] { return false; };
  ASSERT_TRUE(buildPretrainData(made, encoder_));
  expectSameOutputs("whole", "cut");
}

TEST_F(PretrainBuilderTest, ChangedInputOrOptionsStartAnewInWords) {
  auto made = options("a");
  int asked = 0;
  made.shouldStop = [&asked] { return ++asked > 2; };
  ASSERT_FALSE(buildPretrainData(made, encoder_));
  made.shouldStop = [] { return false; };
  made.fields.fields = {"text"};
  const auto summary = buildPretrainData(made, encoder_);
  ASSERT_TRUE(summary) << summary.error().text();
  ASSERT_EQ(summary->notices.size(), 1U);
  EXPECT_NE(summary->notices[0].find("\"options\" is another now"), std::string::npos);
  auto fresh = options("b");
  fresh.fields.fields = {"text"};
  ASSERT_TRUE(buildPretrainData(fresh, encoder_));
  expectSameOutputs("a", "b");
}

TEST_F(PretrainBuilderTest, BrokenRecordsAreNamedWithFileAndLine) {
  const auto summary = buildPretrainData(options("a"), encoder_).value();
  EXPECT_EQ(summary.firstDropped.size(), 20U);
  EXPECT_NE(summary.firstDropped[0].find("a.jsonl:8: broken JSON"), std::string::npos)
      << summary.firstDropped[0];
  EXPECT_NE(summary.firstDropped[1].find("a.jsonl:10: empty"), std::string::npos)
      << summary.firstDropped[1];
  const std::string dropped = readFile(folder_.path() / "a.dropped.jsonl").value();
  EXPECT_EQ(std::count(dropped.begin(), dropped.end(), '\n'), 24);
}

TEST_F(PretrainBuilderTest, MaxLengthCutsAndCounts) {
  auto made = options("a");
  made.validFraction = 0;
  made.maxLength = 10;
  const auto summary = buildPretrainData(made, encoder_).value();
  const auto file = TokenFile::open(made.output).value();
  uint64_t longest = 0;
  for (uint64_t i = 0; i < file.index().documents(); ++i)
    longest = std::max(longest, file.index().documentTokens(i));
  EXPECT_EQ(longest, 10U);
  made.output = folder_.path() / "b";
  made.maxLength = 0;
  const auto whole = buildPretrainData(made, encoder_).value();
  EXPECT_EQ(summary.train.tokens + summary.train.truncatedTokens, whole.train.tokens);
}

TEST_F(PretrainBuilderTest, WhatIsThereIsNotReplacedUnlessAsked) {
  auto made = options("a");
  ASSERT_TRUE(buildPretrainData(made, encoder_));
  const auto again = buildPretrainData(made, encoder_);
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().code, ErrorCode::kBadInput);
  made.isOverwriting = true;
  EXPECT_TRUE(buildPretrainData(made, encoder_));
}

TEST_F(PretrainBuilderTest, NoTextAtAllIsAnErrorThatLeavesNothing) {
  auto made = options("a");
  made.inputs.pop_back();
  made.fields.fields = {"content"};
  const auto summary = buildPretrainData(made, encoder_);
  ASSERT_FALSE(summary);
  EXPECT_NE(summary.error().what.find("has no \"content\""), std::string::npos);
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder_.path()), {}), 2);
}

TEST_F(PretrainBuilderTest, ABrokenFileLaterLeavesNoResult) {
  ASSERT_TRUE(replaceFile(folder_.path() / "c.json", "[{\"text\":\"a\"}"));
  auto made = options("a");
  made.inputs.push_back(folder_.path() / "c.json");
  const auto summary = buildPretrainData(made, encoder_);
  ASSERT_FALSE(summary);
  EXPECT_EQ(summary.error().code, ErrorCode::kBadInput);
  EXPECT_FALSE(std::filesystem::exists(folder_.path() / "a.bin"));
}

TEST_F(PretrainBuilderTest, DiscardingLeavesNothing) {
  PretrainOptions stopped = options("folder/made");
  stopped.isDiscarding = true;
  int asked = 0;
  stopped.shouldStop = [&] { return ++asked > 2; };
  const auto made = buildPretrainData(stopped, ByteEncoder());
  ASSERT_FALSE(made);
  EXPECT_EQ(made.error().code, ErrorCode::kInterrupted);
  EXPECT_FALSE(std::filesystem::exists(folder_.path() / "folder"));
}

}  // namespace
}  // namespace z2
