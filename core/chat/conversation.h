#pragma once

// What a chat template renders.

#include <string>
#include <vector>

#include "core/io/json.h"

namespace z2 {

struct ChatMessage {
  std::string role;  // system, user, assistant or tool
  std::string content;
  // Of an assistant: [{"type": "function", "function": {"name": …, "arguments": {…}}}, …]; else
  // null.
  Json toolCalls = nullptr;
  // Other fields that a template may look at: name, reasoning_content, …
  Json extra = Json::object();
  bool isLeftUntrained = false;  // an assistant's that is to be read, not learnt
  friend bool operator==(const ChatMessage&, const ChatMessage&) = default;
};

struct Conversation {
  std::vector<ChatMessage> messages;
  Json tools = nullptr;  // as OpenAI's: [{"type": "function", "function": {…}}, …]
};

}  // namespace z2
