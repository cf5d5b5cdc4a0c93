#include "core/data/conversations/chat_builder.h"

#include <chrono>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/data/token_file.h"
#include "core/io/files.h"
#include "tests/support/temporary_folder.h"

namespace z2 {
namespace {

using testing::HasSubstr;
using testing::UnorderedElementsAre;

const std::filesystem::path kTokenizer =
    std::filesystem::path(Z2_SOURCE_DIR) / "tests/core/chat/data/tokenizers/qwen2.json";

// A document as its sequences' text and what of it is trained.
struct Shown {
  std::vector<std::string> sequences;
  std::vector<std::string> trained;
};

class ChatBuilderTest : public testing::Test {
 protected:
  void write(const std::string& name, const std::string& text) const {
    ASSERT_TRUE(replaceFile(folder_.path() / name, text));
  }

  ChatBuildOptions options(const std::string& input, const std::string& output,
                           SampleTask task = SampleTask::kSft) const {
    ChatBuildOptions made;
    made.task = task;
    made.inputs = {folder_.path() / input};
    made.output = folder_.path() / output;
    made.chatTemplate = findTemplate("chatml", {}).value();
    made.tokenizerPath = kTokenizer.native();
    made.endOfText = endOfText();
    made.shouldStop = [] { return false; };
    return made;
  }

  [[nodiscard]] int32_t endOfText() const { return tokenizer_->tokenId("<|endoftext|>").value(); }

  [[nodiscard]] Result<BuildSummary> build(const ChatBuildOptions& options) const {
    return buildChatData(options, tokenizer_);
  }

  [[nodiscard]] Shown show(const std::filesystem::path& prefix, uint64_t document) const {
    const auto file = TokenFile::open(prefix, TokenFile::Mask::kRequired).value();
    const TokenIndex& index = file.index();
    Shown shown;
    const uint64_t end = document + 1 < index.documents()
                             ? index.documentFirstSequence(document + 1)
                             : index.sequences();
    for (uint64_t i = index.documentFirstSequence(document); i < end; ++i) {
      std::vector<int32_t> ids(index.sequenceTokens(i));
      file.read(index.sequenceStart(i), ids);
      const auto mask = file.mask(index.sequenceStart(i), ids.size());
      std::vector<int32_t> trained;
      for (size_t k = 0; k < ids.size(); ++k)
        if (mask[k] != 0) trained.push_back(ids[k]);
      shown.sequences.push_back(tokenizer_->decode(ids));
      shown.trained.push_back(tokenizer_->decode(trained));
    }
    return shown;
  }

  void expectSameFiles(const std::string& one, const std::string& other) const {
    for (const char* suffix :
         {".bin", ".idx", ".mask", ".manifest.json", ".valid.bin", ".valid.mask"})
      EXPECT_EQ(readFile(withSuffix(folder_.path() / one, suffix)).value(),
                readFile(withSuffix(folder_.path() / other, suffix)).value())
          << suffix;
  }

  void writeMany(const std::string& name) const {
    std::string lines;
    for (int i = 0; i < 3000; ++i) {
      if (i % 500 == 7) lines += "{\"instruction\": broken\n";
      if (i % 500 == 8) lines += "{\"instruction\": \"q\", \"output\": \"\"}\n";
      lines += "{\"instruction\":\"q" + std::to_string(i) + " " +
               std::string(static_cast<size_t>(i * 7 % 1300), 'x') + "\",\"output\":\"a" +
               std::to_string(i) + "\"}\n";
    }
    write(name, lines);
  }

  TemporaryFolder folder_;
  std::shared_ptr<const Tokenizer> tokenizer_ = Tokenizer::open(kTokenizer).value();
};

TEST_F(ChatBuilderTest, SamplesAreTheTemplateAndTrainTheAnswers) {
  write("a.json", R"([{"instruction":"Q1","output":"A1"},{"instruction":"Q2","output":"A2"}])");
  const auto summary = build(options("a.json", "a"));
  ASSERT_TRUE(summary) << summary.error().text();
  EXPECT_EQ(summary->train.task, "sft");
  EXPECT_EQ(summary->train.documents, 2U);
  EXPECT_EQ(summary->train.sequences, 2U);
  EXPECT_EQ(summary->train.tokenizerPath, kTokenizer.native());
  EXPECT_EQ(summary->train.options.at("formats"), Json::array({"alpaca"}));
  EXPECT_THAT(summary->notices.front(), HasSubstr("a.json: alpaca"));
  EXPECT_TRUE(summary->train.files.contains(".mask"));
  const Shown shown = show(folder_.path() / "a", 0);
  EXPECT_EQ(shown.sequences[0],
            "<|im_start|>user\nQ1<|im_end|>\n<|im_start|>assistant\nA1<|im_end|>\n<|endoftext|>");
  EXPECT_EQ(shown.trained[0], "A1<|im_end|>");
}

TEST_F(ChatBuilderTest, PairsAreThreeSequences) {
  write(
      "a.jsonl",
      R"({"conversations":[{"from":"human","value":"Q"},{"from":"gpt","value":"old"},{"from":"human","value":"Q2"}],)"
      R"("chosen":{"from":"gpt","value":"good"},"rejected":{"from":"gpt","value":"bad"}})"
      "\n");
  const auto summary = build(options("a.jsonl", "a", SampleTask::kDpo));
  ASSERT_TRUE(summary) << summary.error().text();
  EXPECT_EQ(summary->train.task, "dpo");
  EXPECT_EQ(summary->train.documents, 1U);
  EXPECT_EQ(summary->train.sequences, 3U);
  const Shown shown = show(folder_.path() / "a", 0);
  EXPECT_THAT(
      shown.sequences,
      testing::ElementsAre("<|im_start|>user\nQ<|im_end|>\n<|im_start|>assistant\nold<|im_end|>\n"
                           "<|im_start|>user\nQ2<|im_end|>\n<|im_start|>assistant\n",
                           "good<|im_end|>\n<|endoftext|>", "bad<|im_end|>\n<|endoftext|>"));
  EXPECT_THAT(shown.trained, testing::ElementsAre("", "good<|im_end|>", "bad<|im_end|>"));
}

TEST_F(ChatBuilderTest, TheNumberOfWorkersDoesNotChangeTheBytes) {
  writeMany("a.jsonl");
  for (const int workers : {1, 2, 5}) {
    auto made = options("a.jsonl", "w" + std::to_string(workers));
    made.workers = workers;
    made.validFraction = 0.1;
    const auto summary = build(made);
    ASSERT_TRUE(summary) << summary.error().text();
    EXPECT_EQ(summary->train.documents + summary->valid->documents, 3000U);
    EXPECT_EQ(summary->train.dropped.at("broken JSON"), 6U);
    EXPECT_EQ(summary->train.dropped.at("empty answer"), 6U);
  }
  expectSameFiles("w1", "w2");
  expectSameFiles("w1", "w5");
}

TEST_F(ChatBuilderTest, AnInterruptedBuildGoesOn) {
  writeMany("a.jsonl");
  auto whole = options("a.jsonl", "whole");
  whole.validFraction = 0.1;
  ASSERT_TRUE(build(whole));
  auto made = options("a.jsonl", "a");
  made.validFraction = 0.1;
  made.journalInterval = std::chrono::milliseconds(0);
  int asked = 0;
  made.shouldStop = [&] { return ++asked == 2; };
  const auto stopped = build(made);
  ASSERT_FALSE(stopped);
  EXPECT_EQ(stopped.error().code, ErrorCode::kInterrupted);
  EXPECT_FALSE(std::filesystem::exists(withSuffix(made.output, ".mask")));
  made.shouldStop = [] { return false; };
  const auto summary = build(made);
  ASSERT_TRUE(summary) << summary.error().text();
  EXPECT_LT(summary->readBytes, summary->inputBytes);
  expectSameFiles("whole", "a");
}

TEST_F(ChatBuilderTest, ManyCutOrUntrainedSamplesNeedConsent) {
  std::string lines;
  for (int i = 0; i < 20; ++i)
    lines += "{\"prompt\":\"" + std::string(i < 2 ? 200 : 1, 'q') + "\",\"completion\":\"" +
             std::string(i >= 18 ? 200 : 1, 'a') + "\"}\n";
  write("a.jsonl", lines);
  auto made = options("a.jsonl", "a");
  made.maxLength = 60;
  const auto untrained = build(made);
  ASSERT_FALSE(untrained);
  EXPECT_EQ(untrained.error().code, ErrorCode::kBadInput);
  EXPECT_THAT(untrained.error().text(),
              HasSubstr("2 of 20 samples (10.0 %) have no trained token"));
  EXPECT_FALSE(std::filesystem::exists(withSuffix(made.output, ".bin")));

  made.allowsUntrained = true;
  const auto cut = build(made);
  ASSERT_FALSE(cut);
  EXPECT_THAT(cut.error().text(), HasSubstr("2 of 20 samples (10.0 %) are longer"));

  made.allowsCut = true;
  const auto summary = build(made);
  ASSERT_TRUE(summary) << summary.error().text();
  EXPECT_EQ(summary->readBytes, 0U);  // nothing was read again
  EXPECT_EQ(summary->train.documents, 18U);
  EXPECT_EQ(summary->train.truncatedDocuments, 2U);
  EXPECT_EQ(summary->train.dropped.at("no trained token"), 2U);
  const auto file = TokenFile::open(made.output, TokenFile::Mask::kRequired).value();
  const uint64_t last = file.index().documents() - 1;
  ASSERT_EQ(file.index().documentTokens(last), 60U);
  std::vector<int32_t> ids(60);
  file.read(file.index().documentStart(last), ids);
  EXPECT_EQ(ids.back(), endOfText());
  EXPECT_EQ(file.mask(file.index().documentStart(last), 60).back(), 0);
}

TEST_F(ChatBuilderTest, LongPairsAreCutAtTheChosenEnd) {
  write("a.jsonl", "{\"prompt\":\"" + std::string(100, 'q') + "\",\"chosen\":\"" +
                       std::string(20, 'a') + "\",\"rejected\":\"b\"}\n");
  auto made = options("a.jsonl", "a", SampleTask::kDpo);
  ASSERT_TRUE(build(made));
  const auto lengths = [&](const std::string& prefix) {
    const auto file = TokenFile::open(folder_.path() / prefix).value();
    return std::vector<uint64_t>{file.index().sequenceTokens(0), file.index().sequenceTokens(1),
                                 file.index().sequenceTokens(2)};
  };
  const auto whole = lengths("a");
  made.maxLength = static_cast<int64_t>(whole[0] + whole[1]) - 3;
  made.allowsCut = true;
  made.output = folder_.path() / "start";
  ASSERT_TRUE(build(made));
  EXPECT_EQ(lengths("start"), (std::vector<uint64_t>{whole[0], whole[1] - 3, whole[2]}));
  made.output = folder_.path() / "end";
  made.truncation = ChatBuildOptions::Truncation::kKeepEnd;
  ASSERT_TRUE(build(made));
  EXPECT_EQ(lengths("end"), (std::vector<uint64_t>{whole[0] - 3, whole[1], whole[2]}));
}

TEST_F(ChatBuilderTest, TrainsTheLastAnswerOrAll) {
  write("a.jsonl",
        R"({"messages":[{"role":"user","content":"Q"},{"role":"assistant","content":"A1"},)"
        R"({"role":"user","content":"Q"},{"role":"assistant","content":"A2"}]})"
        "\n");
  auto made = options("a.jsonl", "last");
  made.trainOn = TrainOn::kLast;
  ASSERT_TRUE(build(made));
  EXPECT_EQ(show(made.output, 0).trained[0], "A2<|im_end|>");
  made.output = folder_.path() / "all";
  made.trainOn = TrainOn::kAll;
  ASSERT_TRUE(build(made));
  const Shown all = show(made.output, 0);
  EXPECT_EQ(all.trained[0] + "<|endoftext|>", all.sequences[0]);
}

TEST_F(ChatBuilderTest, ReadsParquet) {
  auto made = options("", "a");
  made.inputs = {std::filesystem::path(Z2_SOURCE_DIR) /
                 "tests/core/data/conversations/chats.parquet"};
  const auto summary = build(made);
  ASSERT_TRUE(summary) << summary.error().text();
  EXPECT_EQ(summary->train.documents, 49U);
  EXPECT_EQ(summary->train.dropped.at("no answer"), 1U);
  EXPECT_EQ(show(made.output, 1).sequences[0],
            "<|im_start|>user\n问题 1<|im_end|>\n<|im_start|>assistant\nanswer 1\n<|im_end|>\n"
            "<|endoftext|>");
  EXPECT_THAT(show(made.output, 0).sequences[0], HasSubstr("\"function\": {\"name\": \"f0\"}"));
}

TEST_F(ChatBuilderTest, SaysWhatIsWrong) {
  write("a.jsonl", "{\"text\":\"x\"}\n");
  auto made = build(options("a.jsonl", "a"));
  ASSERT_FALSE(made);
  EXPECT_THAT(made.error().text(), HasSubstr("a.jsonl:1: this record has \"text\""));
  EXPECT_THAT(made.error().text(), HasSubstr("--columns"));

  write("b.txt", "x\n");
  made = build(options("b.txt", "a"));
  ASSERT_FALSE(made);
  EXPECT_THAT(made.error().text(), HasSubstr("plain text"));

  write("c.jsonl", "{\"instruction\":\"q\",\"output\":\"a\"}\n");
  auto broken = options("c.jsonl", "a");
  broken.chatTemplate = {"mine", "{% for m in messages %}\n{{ m.x.y }}{% endfor %}", {}};
  made = build(broken);
  ASSERT_FALSE(made);
  EXPECT_THAT(made.error().text(), HasSubstr("mine:2:7"));
  broken.chatTemplate.source = "{% for %}";
  made = build(broken);
  ASSERT_FALSE(made);
  EXPECT_THAT(made.error().text(), HasSubstr("mine:1:8"));

  broken.chatTemplate.source = "{% for m in messages %}{{ m.content }} {% endfor %}";
  made = build(broken);
  ASSERT_TRUE(made) << made.error().text();
  EXPECT_THAT(made->notices, testing::Contains(HasSubstr("does not learn from it where to stop")));

  auto missing = options("c.jsonl", "b");
  missing.chatTemplate = findTemplate("z2all", {}).value();
  made = build(missing);
  ASSERT_TRUE(made) << made.error().text();
  EXPECT_THAT(made->notices, testing::Contains(HasSubstr("no token <|role_end|>")));
}

}  // namespace
}  // namespace z2
