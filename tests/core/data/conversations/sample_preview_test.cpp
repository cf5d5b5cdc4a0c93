#include "core/data/conversations/sample_preview.h"

#include <algorithm>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/data/conversations/file_shape.h"
#include "core/data/conversations/record_samples.h"
#include "core/data/conversations/token_file_samples.h"
#include "core/data/token_file.h"
#include "core/io/files.h"
#include "tests/support/temporary_folder.h"

namespace z2 {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

const std::filesystem::path kTokenizer =
    std::filesystem::path(Z2_SOURCE_DIR) / "tests/core/chat/data/tokenizers/qwen2.json";

class SamplePreviewTest : public testing::Test {
 protected:
  void write(const std::string& name, const std::string& text) const {
    ASSERT_TRUE(replaceFile(folder_.path() / name, text));
  }
  ChatBuildOptions options(const std::vector<std::string>& inputs,
                           SampleTask task = SampleTask::kSft) const {
    ChatBuildOptions made;
    made.task = task;
    for (const std::string& input : inputs) made.inputs.push_back(folder_.path() / input);
    made.chatTemplate = findTemplate("chatml", {}).value();
    made.tokenizerPath = kTokenizer.native();
    made.endOfText = tokenizer_->tokenId("<|endoftext|>").value();
    made.shouldStop = [] { return false; };
    return made;
  }
  [[nodiscard]] std::shared_ptr<const SampleSet> open(const ChatBuildOptions& options) const {
    auto opened = openRecordSamples(options, tokenizer_);
    EXPECT_TRUE(opened) << opened.error().text();
    return *opened;
  }
  // The text of the tokens that `isWanted` says.
  template <typename Wanted>
  static std::string textOf(const std::vector<PreviewToken>& tokens, const Wanted& isWanted) {
    std::string text;
    for (const PreviewToken& token : tokens)
      if (isWanted(token)) text += token.bytes;
    return text;
  }
  static std::string all(const std::vector<PreviewToken>& tokens) {
    return textOf(tokens, [](const PreviewToken&) { return true; });
  }
  static std::string trained(const std::vector<PreviewToken>& tokens) {
    return textOf(tokens, [](const PreviewToken& token) { return token.isTrained; });
  }
  static std::string seen(const std::vector<PreviewToken>& tokens) {
    return textOf(tokens, [](const PreviewToken& token) { return !token.isCut; });
  }

  // Of 20 samples: 0 and 1 have nothing trained within 60 tokens, 18 and 19 are cut there.
  void writeTwenty() const {
    std::string lines;
    for (int i = 0; i < 20; ++i)
      lines += "{\"prompt\":\"" + std::string(i < 2 ? 200 : 1, 'q') + "\",\"completion\":\"" +
               std::string(i >= 18 ? 200 : 1, 'a') + "\"}\n";
    write("twenty.jsonl", lines);
  }

  TemporaryFolder folder_;
  std::shared_ptr<const Tokenizer> tokenizer_ = Tokenizer::open(kTokenizer).value();
};

TEST_F(SamplePreviewTest, ASampleIsShownTokenByToken) {
  write("a.json",
        R"([{"instruction":"Q","output":"A"},{"instruction":"Q2","output":"A <|im_end|>"}])");
  const auto samples = open(options({"a.json"}));
  EXPECT_FALSE(samples->hasPairs());
  const SamplePreview shown = samples->sample(1).value();
  EXPECT_EQ(shown.format, "alpaca");
  EXPECT_THAT(shown.place, HasSubstr("a.json:1"));
  EXPECT_EQ(shown.problem, "");
  EXPECT_EQ(all(shown.sequence),
            "<|im_start|>user\nQ2<|im_end|>\n<|im_start|>assistant\nA <|im_end|><|im_end|>\n"
            "<|endoftext|>");
  EXPECT_EQ(trained(shown.sequence), "A <|im_end|><|im_end|>");
  EXPECT_EQ(shown.tokens, shown.sequence.size());
  // What the data spells like a special token is none.
  std::string special;
  for (const PreviewToken& token : shown.sequence)
    if (token.isSpecial) special += token.bytes;
  EXPECT_EQ(special, "<|im_start|><|im_end|><|im_start|><|im_end|><|endoftext|>");
}

TEST_F(SamplePreviewTest, APairIsShownSideBySide) {
  write("a.jsonl", R"({"prompt":"Q","chosen":"good","rejected":"bad"})"
                   "\n");
  const auto samples = open(options({"a.jsonl"}, SampleTask::kDpo));
  EXPECT_TRUE(samples->hasPairs());
  const SamplePreview shown = samples->sample(0).value();
  EXPECT_EQ(trained(shown.sequence), "good<|im_end|>");
  EXPECT_EQ(trained(shown.rejected), "bad<|im_end|>");
  for (const auto* side : {&shown.sequence, &shown.rejected}) {
    const std::vector<PreviewToken> prompt(
        side->begin(), side->begin() + static_cast<ptrdiff_t>(shown.promptTokens));
    EXPECT_EQ(all(prompt), "<|im_start|>user\nQ<|im_end|>\n<|im_start|>assistant\n");
  }
  const Json json = toJson(shown);
  EXPECT_EQ(json["chosen"].size(), shown.sequence.size());
  EXPECT_EQ(json["rejected"].back()["special"], true);
}

TEST_F(SamplePreviewTest, CountsWhatIsCutAndWhatTrainsNothing) {
  writeTwenty();
  auto made = options({"twenty.jsonl"});
  made.maxLength = 60;
  const auto samples = open(made);
  int looks = 0;
  const SampleSurvey survey = samples
                                  ->survey(0,
                                           [&](const SampleSurvey&) {
                                             ++looks;
                                             return true;
                                           })
                                  .value();
  EXPECT_GE(looks, 1);
  EXPECT_TRUE(survey.isComplete);
  EXPECT_EQ(survey.records, 20U);
  EXPECT_EQ(survey.samples, 18U);
  EXPECT_THAT(survey.untrainedSamples, ElementsAre(0, 1));
  EXPECT_THAT(survey.cutSamples, ElementsAre(18, 19));
  uint64_t lengths = 0;
  for (const LengthBucket& bucket : survey.lengths) lengths += bucket.documents;
  EXPECT_EQ(lengths, 20U);

  const SamplePreview cut = samples->sample(19).value();
  EXPECT_TRUE(cut.isCut);
  EXPECT_GT(cut.tokens, 60U);
  EXPECT_EQ(cut.sequence.size(), cut.tokens + 1);  // the end of text stands where it was cut
  EXPECT_THAT(seen(cut.sequence), HasSubstr("<|endoftext|>"));
  EXPECT_EQ(survey.longest, cut.tokens);
  const SamplePreview empty = samples->sample(0).value();
  EXPECT_THAT(empty.problem, HasSubstr("behind --max-length"));
  EXPECT_TRUE(empty.isUsable);
  EXPECT_EQ(empty.trainedTokens, 0U);

  // The same as what is written.
  made.allowsCut = made.allowsUntrained = true;
  made.output = folder_.path() / "made";
  const auto built = buildChatData(made, tokenizer_);
  ASSERT_TRUE(built) << built.error().text();
  EXPECT_EQ(built->train.documents, survey.samples);
  EXPECT_EQ(built->train.tokens, survey.tokens);
  EXPECT_EQ(built->train.trainedTokens, survey.trainedTokens);
  EXPECT_EQ(built->train.truncatedDocuments, survey.cut);
}

TEST_F(SamplePreviewTest, FindsAnySampleOfSeveralFiles) {
  std::string lines;
  for (int i = 0; i < 3000; ++i)
    lines += "{\"prompt\":\"q" + std::to_string(i) + std::string(1000, ' ') +
             "\",\"completion\":\"a" + std::to_string(i) + "\"}\n";
  write("a.jsonl", lines);
  write("b.jsonl",
        "{\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]}\nbroken\n"
        "{\"messages\":[{\"role\":\"user\",\"content\":\"x\"},{\"role\":\"assistant\","
        "\"content\":\"y\"}]}\n");
  const auto samples = open(options({"a.jsonl", "b.jsonl"}));
  const auto answerOf = [&](uint64_t number) {
    return trained(samples->sample(number).value().sequence);
  };
  // In any order: what was passed once is remembered.
  for (const uint64_t number : {2999, 0, 1500, 2998, 17})
    EXPECT_EQ(answerOf(number), "a" + std::to_string(number) + "<|im_end|>");
  EXPECT_EQ(answerOf(3002), "y<|im_end|>");
  const SamplePreview silent = samples->sample(3000).value();
  EXPECT_FALSE(silent.isUsable);
  EXPECT_NE(silent.problem, "");
  EXPECT_THAT(silent.record, HasSubstr("\"user\""));
  EXPECT_THAT(samples->sample(3001).value().problem, HasSubstr("broken JSON"));
  const auto none = samples->sample(3003);
  ASSERT_FALSE(none);
  EXPECT_THAT(none.error().text(), HasSubstr("the last one is 3002"));
  const SampleSurvey survey = samples->survey(0, {}).value();
  EXPECT_THAT(survey.unusableSamples, ElementsAre(3000, 3001));
  const SampleSurvey part = samples->survey(10, {}).value();
  EXPECT_EQ(part.records, 10U);
  EXPECT_FALSE(part.isComplete);
  const SampleSurvey stopped =
      samples->survey(0, [](const SampleSurvey& soFar) { return soFar.records < 400; }).value();
  EXPECT_EQ(stopped.records, 400U);
  EXPECT_FALSE(stopped.isComplete);
}

TEST_F(SamplePreviewTest, ATokenFileIsSeenAsARunWillSeeIt) {
  writeTwenty();
  auto made = options({"twenty.jsonl"});
  made.output = folder_.path() / "made";
  ASSERT_TRUE(buildChatData(made, tokenizer_));
  const auto samples =
      openTokenFileSamples(made.output, tokenizer_, {.sequenceLength = 59}).value();
  EXPECT_EQ(samples->longestAllowed(), 60U);
  const SampleSurvey survey = samples->survey(0, {}).value();
  EXPECT_THAT(survey.untrainedSamples, ElementsAre(0, 1));
  EXPECT_THAT(survey.cutSamples, ElementsAre(18, 19));
  const SamplePreview cut = samples->sample(19).value();
  EXPECT_EQ(std::count_if(cut.sequence.begin(), cut.sequence.end(),
                          [](const PreviewToken& token) { return !token.isCut; }),
            60);
  EXPECT_EQ(trained(samples->sample(5).value().sequence), "a<|im_end|>");
  EXPECT_FALSE(samples->sample(20));

  write("pairs.jsonl", R"({"prompt":"Q","chosen":"good","rejected":"bad"})"
                       "\n");
  auto pairs = options({"pairs.jsonl"}, SampleTask::kDpo);
  pairs.output = folder_.path() / "pairs";
  ASSERT_TRUE(buildChatData(pairs, tokenizer_));
  const auto pair = openTokenFileSamples(pairs.output, nullptr, {}).value();
  const SamplePreview ids = pair->sample(0).value();
  EXPECT_GT(ids.sequence.size(), ids.promptTokens);
  EXPECT_EQ(ids.rejected.front().id, ids.sequence.front().id);
  EXPECT_EQ(ids.rejected.front().bytes, "");
  const SampleSurvey counted = pair->survey(0, {}).value();
  EXPECT_EQ(counted.tokens, TokenFile::open(pairs.output).value().index().tokens());
}

TEST_F(SamplePreviewTest, NamesTheFieldsOfAFile) {
  write("a.jsonl", R"({"talk":[{"who":"user","says":"Q"},{"who":"bot","says":"A"}],"id":1})"
                   "\n"
                   R"({"talk":[],"score":2})"
                   "\n");
  const RecordFields fields = fieldsOf(folder_.path() / "a.jsonl").value();
  EXPECT_THAT(fields.ofRecords, testing::UnorderedElementsAre("talk", "id", "score"));
  EXPECT_THAT(fields.ofMessages, testing::UnorderedElementsAre("who", "says"));
  const auto opened = openRecordSamples(options({"a.jsonl"}), tokenizer_);
  ASSERT_FALSE(opened);
  EXPECT_THAT(opened.error().text(), HasSubstr("no known shape"));
  auto named = options({"a.jsonl"});
  named.columns = {{"conversations", "talk"}, {"from", "who"}, {"value", "says"}};
  EXPECT_EQ(trained(open(named)->sample(0).value().sequence), "A<|im_end|>");
}

}  // namespace
}  // namespace z2
