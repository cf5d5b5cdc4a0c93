#pragma once

// From a record to the conversation, or pair of answers, that it holds.

#include <vector>

#include "core/chat/conversation.h"
#include "core/data/conversations/sample_format.h"
#include "core/data/records/record_composer.h"

namespace z2 {

struct ChatSample {
  Conversation conversation;  // of preferences: the prompt
  std::vector<ChatMessage> chosen;
  std::vector<ChatMessage> rejected;
};

// `record` is what withColumns gave. Problems: "missing field", "unknown role", "empty answer", "no
// answer", "same answers", "wrong type".
[[nodiscard]] tl::expected<ChatSample, RecordProblem> readSample(const Json& record,
                                                                 SampleFormat format);

}  // namespace z2
