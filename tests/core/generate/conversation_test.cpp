#include "core/generate/conversation.h"

#include <string>
#include <utility>

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

std::string promptOf(const std::vector<ChatTurn>& messages, int64_t limit) {
  const auto tokenizer = byteTokenizer();
  const auto ids = encodeConversation(ConversationFormat::plain(), messages, *tokenizer, limit);
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
  const std::vector<ChatTurn> messages = {
      {"system", "S"}, {"user", "1"}, {"assistant", "2"}, {"user", "3"}};
  EXPECT_EQ(promptOf(messages, 30), "S\nUser: 3\nAssistant:");
  EXPECT_THAT(promptOf(messages, 10), HasSubstr("the model reads 10 beside its answer"));
}

}  // namespace
}  // namespace z2
