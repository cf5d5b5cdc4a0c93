#include "core/generate/conversation.h"

#include <algorithm>
#include <string_view>

#include <fmt/format.h>

namespace z2 {

namespace {

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view kSpaces = " \t\r\n";
  const size_t begin = text.find_first_not_of(kSpaces);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(kSpaces) - begin + 1);
}

std::string transcript(std::span<const ChatTurn> messages) {
  std::string text;
  for (const ChatTurn& message : messages) {
    if (!text.empty()) text += "\n";
    if (message.role == "user") text += "User: ";
    if (message.role == "assistant") text += "Assistant: ";
    text += trimmed(message.content);
  }
  return text + "\nAssistant:";
}

}  // namespace

ConversationFormat ConversationFormat::plain() {
  ConversationFormat format;
  format.stops_ = {"\nUser:"};
  return format;
}

Result<std::vector<int32_t>> ConversationFormat::encode(std::span<const ChatTurn> messages,
                                                        const Tokenizer& tokenizer) const {
  EncodeScratch scratch;
  std::vector<int32_t> ids;
  Z2_TRY_VOID(tokenizer.encode(transcript(messages), {}, scratch, ids));
  return ids;
}

Result<std::vector<int32_t>> encodeConversation(const ConversationFormat& format,
                                                std::vector<ChatTurn> messages,
                                                const Tokenizer& tokenizer, int64_t limit) {
  while (true) {
    Z2_TRY(std::vector<int32_t> ids, format.encode(messages, tokenizer));
    if (std::ssize(ids) <= limit) return ids;
    const bool hasSystem = !messages.empty() && messages.front().role == "system";
    const auto first = messages.begin() + (hasSystem ? 1 : 0);
    // Up to the next question.
    const auto next = std::find_if(first == messages.end() ? first : first + 1, messages.end(),
                                   [](const ChatTurn& message) { return message.role == "user"; });
    if (next == messages.end())
      return badInput(
          "question",
          fmt::format("it has {} tokens; the model reads {} beside its answer", ids.size(), limit),
          "Shorten it, or allow a shorter answer");
    messages.erase(first, next);
  }
}

}  // namespace z2
