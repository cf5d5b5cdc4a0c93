#pragma once

// What a client of OpenAI's API asks for: the bodies of /v1/chat/completions and /v1/completions.

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "core/base/error.h"
#include "core/chat/conversation.h"
#include "core/generate/sampler.h"
#include "core/io/json.h"

namespace z2 {

struct ApiRequest {
  bool isChat = false;
  std::vector<ChatMessage> messages;  // of a chat
  Json tools = nullptr;  // functions that it may call: [{"type":"function","function":{…}}, …]
  std::vector<std::variant<std::string, std::vector<int32_t>>> prompts;  // of a completion
  int64_t count = 1;                 // n: answers to each prompt
  std::optional<int64_t> maxTokens;  // none: as many as fit
  SamplingOptions sampling;          // with the API's default temperature of 1
  bool hasSeed = false;
  std::vector<std::string> stops;
  bool isStream = false;
  bool ignoresEnd = false;     // "ignore_eos": goes on after the model's end token
  bool includesUsage = false;  // of a stream
  int64_t topLogProbs = -1;    // -1: no probabilities
};

// An Error's `where` is the field. What is known and changes nothing here ("user", "metadata") is
// passed over; what would change the answer and is not there (logit_bias, a tool_choice that forces
// a call, …) is refused.
[[nodiscard]] Result<ApiRequest> parseChatRequest(const Json& body);
[[nodiscard]] Result<ApiRequest> parseCompletionRequest(const Json& body);

}  // namespace z2
