#pragma once

// Answers in the words of OpenAI's API: whole, or as the chunks of a stream.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/error.h"
#include "core/io/json.h"
#include "core/serve/answer_queue.h"
#include "core/tokenizer/tokenizer.h"

namespace z2 {

// What all parts of one answer have in common.
struct ReplyHead {
  std::string id;  // "chatcmpl-…"
  std::string model;
  int64_t created = 0;  // seconds since 1970
  bool isChat = false;
};

struct ReplyUsage {
  int64_t promptTokens = 0;
  int64_t completionTokens = 0;
  [[nodiscard]] Json toJson() const;
};

// One finished choice.
struct ReplyChoice {
  int64_t index = 0;
  std::string text;
  std::string finishReason;  // "stop", "length", "tool_calls"
  Json logProbs = nullptr;
  Json toolCalls = nullptr;  // of a chat
};
[[nodiscard]] Json wholeReply(const ReplyHead& head, const std::vector<ReplyChoice>& choices,
                              const ReplyUsage& usage);

// The role comes first in a chat; then texts; then calls; then the reason, with an empty text.
[[nodiscard]] Json roleChunk(const ReplyHead& head, int64_t index);
[[nodiscard]] Json textChunk(const ReplyHead& head, int64_t index, std::string_view text,
                             const Json& logProbs);
[[nodiscard]] Json callsChunk(const ReplyHead& head, int64_t index, const Json& toolCalls);
[[nodiscard]] Json endChunk(const ReplyHead& head, int64_t index, std::string_view finishReason);
[[nodiscard]] Json usageChunk(const ReplyHead& head, const ReplyUsage& usage);

// The probabilities of some tokens: a chat's {"content":[…]}, a completion's parallel lists.
// `offset` is where their text begins, in characters.
[[nodiscard]] Json logProbsOf(const std::vector<ServedToken>& tokens, bool isChat,
                              const Tokenizer& tokenizer, int64_t offset);

// {"error":{"message","type","param","code"}}; and its HTTP status.
[[nodiscard]] Json errorReply(const Error& error, std::string_view code = {});
[[nodiscard]] int httpStatus(const Error& error);

}  // namespace z2
