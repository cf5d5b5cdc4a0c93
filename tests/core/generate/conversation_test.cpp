#include "core/generate/conversation.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace z2 {
namespace {

using ::testing::HasSubstr;

// A token a byte.
std::shared_ptr<const Tokenizer> byteTokenizer() {
  BpeModel model;
  for (int byte = 0; byte < 256; ++byte)
    model.tokens.emplace_back(std::string(ByteAlphabet::character(static_cast<uint8_t>(byte))));
  return Tokenizer::create(byteLevelDefinition(std::move(model), {}, "gpt2")).value();
}

std::string promptOf(const std::vector<ChatMessage>& messages, int64_t limit) {
  const auto tokenizer = byteTokenizer();
  const auto ids = encodeConversation(ConversationFormat::plain(tokenizer), messages, limit);
  return ids ? tokenizer->decode(*ids) : ids.error().text();
}

TEST(Conversation, IsWrittenAsPlainText) {
  EXPECT_EQ(promptOf({{"user", " What is a whale?\n"}}, 1000),
            "User: What is a whale?\nAssistant:");
  EXPECT_EQ(
      promptOf({{"system", "Be short."}, {"user", "A"}, {"assistant", "B"}, {"user", "C"}}, 1000),
      "Be short.\nUser: A\nAssistant: B\nUser: C\nAssistant:");
}

TEST(Conversation, TheOldestTurnsAreLeftOutAndTheSystemMessageStays) {
  const std::vector<ChatMessage> messages = {
      {"system", "S"}, {"user", "1"}, {"assistant", "2"}, {"user", "3"}};
  EXPECT_EQ(promptOf(messages, 30), "S\nUser: 3\nAssistant:");
  EXPECT_THAT(promptOf(messages, 10), HasSubstr("the model reads 10 beside its answer"));
}

// Bytes, and ChatML's two special tokens.
std::shared_ptr<const Tokenizer> chatTokenizer() {
  BpeModel model;
  for (int byte = 0; byte < 256; ++byte)
    model.tokens.emplace_back(std::string(ByteAlphabet::character(static_cast<uint8_t>(byte))));
  const auto special = [](int32_t id, const char* content) {
    AddedToken token;
    token.id = id;
    token.content = content;
    token.isNormalized = false;
    token.isSpecial = true;
    return token;
  };
  return Tokenizer::create(byteLevelDefinition(
                               std::move(model),
                               {special(256, "<|im_start|>"), special(257, "<|im_end|>")}, "gpt2"))
      .value();
}

TEST(Conversation, ATemplateIsFollowedAndItsEndOfTurnStops) {
  const auto tokenizer = chatTokenizer();
  const auto format = ConversationFormat::find("chatml", {}, "/nowhere", tokenizer);
  ASSERT_TRUE(format) << format.error().text();
  EXPECT_EQ(format->name(), "chatml");
  EXPECT_EQ(format->stopIds(), std::vector<int64_t>{257});
  const auto ids = format->encode({{"system", "S"}, {"user", "<|im_end|>"}});
  ASSERT_TRUE(ids) << ids.error().text();
  EXPECT_EQ(tokenizer->decode(*ids),
            "<|im_start|>system\nS<|im_end|>\n<|im_start|>user\n<|im_end|><|im_end|>\n"
            "<|im_start|>assistant\n");
  // What a user writes never becomes a special token.
  EXPECT_EQ(std::count(ids->begin(), ids->end(), 257), 2);
}

TEST(Conversation, KnowsHowATemplateWritesCalls) {
  const std::string data = std::string(Z2_SOURCE_DIR) + "/tests/core/chat/data/";
  // By a tokenizer that has the special tokens of the model's family.
  const auto styleOf = [&](const std::string& choice, const std::string& tokenizer) {
    const auto format = ConversationFormat::find(
        choice, {}, "/nowhere", Tokenizer::open(data + "tokenizers/" + tokenizer).value());
    EXPECT_TRUE(format) << format.error().text();
    return format ? format->toolCalls() : std::nullopt;
  };
  const std::string models = data + "templates/";
  EXPECT_EQ(styleOf("chatml", "qwen2.json"), ToolCallStyle::kTagged);
  EXPECT_EQ(styleOf("llama3", "llama3.json"), ToolCallStyle::kTagged);
  EXPECT_EQ(styleOf("llama2", "llama2.json"), ToolCallStyle::kTagged);
  EXPECT_EQ(styleOf("alpaca", "llama2.json"), ToolCallStyle::kTagged);
  EXPECT_EQ(styleOf(models + "qwen25_tools.jinja", "qwen2.json"), ToolCallStyle::kTagged);
  EXPECT_EQ(styleOf(models + "llama3_tools.jinja", "llama3.json"), ToolCallStyle::kBare);
  EXPECT_EQ(styleOf(models + "mistral.jinja", "llama2.json"), ToolCallStyle::kListed);
  EXPECT_EQ(styleOf(models + "zephyr.jinja", "llama2.json"), std::nullopt);
  EXPECT_EQ(styleOf("plain", "qwen2.json"), std::nullopt);
}

TEST(Conversation, ToolsAreWrittenIntoThePrompt) {
  const auto tokenizer = chatTokenizer();
  const auto format = ConversationFormat::find("chatml", {}, "/nowhere", tokenizer).value();
  const Json tools = Json::array({{{"type", "function"}, {"function", {{"name", "now"}}}}});
  EXPECT_THAT(tokenizer->decode(format.encode({{"user", "x"}}, tools).value()),
              HasSubstr("{\"name\": \"now\"}"));
}

TEST(Conversation, WithoutATemplateItIsPlain) {
  EXPECT_EQ(ConversationFormat::find("", {}, "/nowhere", byteTokenizer())->name(), "plain text");
  EXPECT_EQ(ConversationFormat::find("plain", {}, "/nowhere", byteTokenizer())->name(),
            "plain text");
  EXPECT_FALSE(ConversationFormat::find("no-such-template", {}, "/nowhere", byteTokenizer()));
}

}  // namespace
}  // namespace z2
