#pragma once

// One chat with an endpoint of OpenAI's API: what is posted, and what came back.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/base/error.h"
#include "core/http/http_client.h"
#include "core/io/json.h"

namespace z2 {

struct ChatOptions {
  std::string model;
  double temperature = 1.0;
  double topP = 1.0;
  int64_t maxTokens = 3072;      // of an answer
  Json fields = Json::object();  // further ones of the request; null takes one away
};
// The body of a request with one message of a user. `seed` makes servers that know it repeatable.
[[nodiscard]] std::string chatBody(const ChatOptions& options, const std::string& message,
                                   uint64_t seed);

struct ChatReply {
  std::string text;
  bool isCutOff = false;  // it ended at its greatest length
  int64_t promptTokens = 0;
  int64_t completionTokens = 0;
  bool hasUsage = false;
};

// What to do about an answer.
enum class ChatVerdict {
  kTake,
  kRetry,   // the server is busy or stumbled; the same request may do better
  kGiveUp,  // nothing that is asked of it will do better: key, address, model, request
};
struct ChatOutcome {
  ChatVerdict verdict = ChatVerdict::kTake;
  ChatReply reply = {};  // of kTake
  Error error = {};      // of the others: what the server said, and what to do
  bool isBusy = false;   // everybody should wait before the next request, not this one alone
};

// `wasReached`: an answer came from there before. An address where nobody listens is given up when
// it was never reached.
[[nodiscard]] ChatOutcome judgeAnswer(const HttpAnswer& answer, std::string_view url,
                                      bool wasReached);

}  // namespace z2
