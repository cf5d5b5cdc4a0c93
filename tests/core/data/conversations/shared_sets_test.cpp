// The sets of ../shared/data under every template: what is trained is what assistants say, with the
// end of the turn.

#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "core/chat/builtin_templates.h"
#include "core/data/conversations/chat_builder.h"
#include "core/data/conversations/sample_reader.h"
#include "core/data/token_file.h"
#include "core/io/json.h"
#include "tests/support/temporary_folder.h"

namespace z2 {
namespace {

namespace fs = std::filesystem;

const fs::path kShared = fs::path(Z2_SOURCE_DIR) / "../shared/data";
constexpr const char* kEndOfText = "<|endoftext|>";

// As the trim filter does.
std::string trimmed(std::string text) {
  const std::vector<std::string> spaces = {" ", "\t", "\n", "\r", "\u00a0", "\u3000"};
  for (bool isChanged = true; isChanged;) {
    isChanged = false;
    for (const std::string& space : spaces) {
      if (text.starts_with(space)) {
        text.erase(0, space.size());
        isChanged = true;
      } else if (text.ends_with(space)) {
        text.erase(text.size() - space.size());
        isChanged = true;
      }
    }
  }
  return text;
}

// What one assistant's message trains; nothing for a call, whose text the template makes.
std::string trainedBy(const std::string& templateName, const std::string& content) {
  if (templateName == "llama2") return " " + trimmed(content) + " " + kEndOfText;
  if (templateName == "llama3") return trimmed(content) + "<|eot_id|>";
  if (templateName == "alpaca") return content + kEndOfText;
  return content + "<|im_end|>";
}

class SharedSets : public testing::TestWithParam<const char*> {
 protected:
  void SetUp() override {
    if (!fs::exists(kShared)) GTEST_SKIP() << "shared/data is not here";
    tokenizer_ = Tokenizer::open(kShared / "tokenizers" / GetParam()).value();
  }

  [[nodiscard]] std::string trainedText(const TokenFile& file, uint64_t sequence) const {
    const uint64_t first = file.index().sequenceStart(sequence);
    std::vector<int32_t> ids(file.index().sequenceTokens(sequence));
    file.read(first, ids);
    const auto mask = file.mask(first, ids.size());
    std::string text;
    for (size_t i = 0; i < ids.size(); ++i) {
      if (mask[i] == 0) continue;
      text += ids[i] == endOfText() ? std::string(kEndOfText) : tokenizer_->tokenBytes(ids[i]);
    }
    return text;
  }

  // Behind the vocabulary where the tokenizer has none.
  [[nodiscard]] int32_t endOfText() const {
    return tokenizer_->tokenId(kEndOfText).value_or(tokenizer_->vocabSize());
  }

  void expectAnswersTrained(const fs::path& set, SampleTask task, const BuiltinTemplate& builtin) {
    ChatBuildOptions options;
    options.task = task;
    options.inputs = {set};
    options.output = folder_.path() / "made";
    options.isOverwriting = true;
    options.chatTemplate = findTemplate(std::string(builtin.name), {}).value();
    options.endOfText = endOfText();
    const auto summary = buildChatData(options, tokenizer_);
    ASSERT_TRUE(summary) << summary.error().text();
    const auto file = TokenFile::open(options.output, TokenFile::Mask::kRequired).value();
    uint64_t document = 0;
    const Json records = readJsonFile(set).value();
    for (const Json& record : records) {
      const auto sample = readSample(record, detectSampleFormat(record, task).value());
      if (!sample) continue;
      ASSERT_LT(document, file.index().documents());
      const uint64_t first = file.index().documentFirstSequence(document++);
      const bool isPair = task == SampleTask::kDpo;
      check(builtin, isPair ? sample->chosen : sample->conversation.messages,
            trainedText(file, isPair ? first + 1 : first));
      if (!isPair) continue;
      check(builtin, sample->rejected, trainedText(file, first + 2));
      EXPECT_EQ(trainedText(file, first), "");
    }
    EXPECT_EQ(document, file.index().documents()) << set;
    EXPECT_GT(document, records.size() * 95 / 100) << set;
  }

  // Sentencepiece normalizes what it reads: compared is what its tokens give back, without spaces.
  [[nodiscard]] std::string comparable(const std::string& text) const {
    if (tokenizer_->family() != Tokenizer::Family::kSentencePiece) return text;
    EncodeScratch scratch;
    std::vector<int32_t> ids;
    EXPECT_TRUE(tokenizer_->encode(text, {}, scratch, ids));
    std::string seen;
    for (const int32_t id : ids) seen += tokenizer_->tokenBytes(id);
    std::erase(seen, ' ');
    return seen;
  }

  void check(const BuiltinTemplate& builtin, const std::vector<ChatMessage>& messages,
             const std::string& trained) const {
    std::string expected;
    for (const ChatMessage& message : messages) {
      if (message.role != "assistant") continue;
      if (!message.toolCalls.is_null()) return;  // in the tests of the templates
      expected += trainedBy(std::string(builtin.name), message.content);
    }
    ASSERT_EQ(comparable(trained), comparable(expected)) << builtin.name;
  }

  std::shared_ptr<const Tokenizer> tokenizer_;
  TemporaryFolder folder_;
};

TEST_P(SharedSets, TrainTheAnswersUnderEveryTemplate) {
  for (const BuiltinTemplate& builtin : builtinTemplates()) {
    for (const char* set : {"instruction_en", "instruction_zh", "conversation_toolcall_en"})
      expectAnswersTrained(kShared / "sft" / (std::string(set) + ".json"), SampleTask::kSft,
                           builtin);
    for (const char* set : {"preference_en", "preference_zh"})
      expectAnswersTrained(kShared / "dpo" / (std::string(set) + ".json"), SampleTask::kDpo,
                           builtin);
  }
}

INSTANTIATE_TEST_SUITE_P(Tokenizers, SharedSets, testing::Values("hf_bbpe", "sp_bbpe"));

}  // namespace
}  // namespace z2
