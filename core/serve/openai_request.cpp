#include "core/serve/openai_request.h"

#include <array>
#include <cmath>
#include <limits>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "core/data/conversations/message_reader.h"

namespace z2 {

namespace {

constexpr int64_t kMostAnswers = 16;
constexpr int64_t kMostStops = 16;
constexpr int64_t kMostTopLogProbs = 20;
constexpr int64_t kDefaultCompletionTokens = 16;  // the API's own

// A field that is absent or null.
bool isAbsent(const Json& body, const char* name) {
  const auto found = body.find(name);
  return found == body.end() || found->is_null();
}

Result<double> number(const Json& body, const char* name, double initial, double least,
                      double most) {
  if (isAbsent(body, name)) return initial;
  const Json& value = body[name];
  if (!value.is_number()) return badInput(name, "it must be a number");
  const auto read = value.get<double>();
  if (!(read >= least && read <= most))
    return badInput(name, fmt::format("{} is outside of {} .. {}", read, least, most));
  return read;
}

Result<int64_t> integer(const Json& body, const char* name, int64_t initial, int64_t least,
                        int64_t most) {
  if (isAbsent(body, name)) return initial;
  const Json& value = body[name];
  if (!value.is_number_integer()) return badInput(name, "it must be a whole number");
  const auto read = value.get<int64_t>();
  if (read < least || read > most)
    return badInput(name, fmt::format("{} is outside of {} .. {}", read, least, most));
  return read;
}

Result<bool> flag(const Json& body, const char* name) {
  if (isAbsent(body, name)) return false;
  if (!body[name].is_boolean()) return badInput(name, "it must be true or false");
  return body[name].get<bool>();
}

// What changes the answer and is not there.
Result<void> refuseUnknown(const Json& body) {
  constexpr std::array kAbsent = {"functions", "logit_bias", "suffix", "audio", "response_format"};
  for (const char* name : kAbsent) {
    if (isAbsent(body, name) || body[name].empty()) continue;
    const bool isText = body[name].is_object() && body[name].value("type", "") == "text";
    if (!isText) return badInput(name, "it is not supported");
  }
  Z2_TRY(const bool echo, flag(body, "echo"));
  if (echo) return badInput("echo", "it is not supported");
  return {};
}

Result<std::vector<std::string>> stopsOf(const Json& body) {
  std::vector<std::string> stops;
  if (isAbsent(body, "stop")) return stops;
  const Json list = body["stop"].is_array() ? body["stop"] : Json::array({body["stop"]});
  if (std::cmp_greater(list.size(), kMostStops))
    return badInput("stop", fmt::format("more than {} texts", kMostStops));
  for (const Json& text : list) {
    if (!text.is_string() || text.get<std::string>().empty())
      return badInput("stop", "it must be a text or a list of texts");
    stops.push_back(text.get<std::string>());
  }
  return stops;
}

Result<void> readSampling(const Json& body, ApiRequest& request) {
  SamplingOptions& sampling = request.sampling;
  Z2_TRY(sampling.temperature, number(body, "temperature", 1, 0, 100));
  Z2_TRY(sampling.topP, number(body, "top_p", 1, 0, 1));
  Z2_TRY(sampling.minP, number(body, "min_p", 0, 0, 1));
  Z2_TRY(sampling.topK, integer(body, "top_k", 0, -1, std::numeric_limits<int32_t>::max()));
  if (sampling.topK < 0) sampling.topK = 0;                      // some clients say "all" so
  if (sampling.topP == 0) sampling.topK = 1, sampling.topP = 1;  // the most likely token alone
  Z2_TRY(sampling.repetitionPenalty, number(body, "repetition_penalty", 1, 0.01, 100));
  Z2_TRY(sampling.frequencyPenalty, number(body, "frequency_penalty", 0, -2, 2));
  Z2_TRY(sampling.presencePenalty, number(body, "presence_penalty", 0, -2, 2));
  request.hasSeed = !isAbsent(body, "seed");
  Z2_TRY(const int64_t seed, integer(body, "seed", 0, std::numeric_limits<int64_t>::min(),
                                     std::numeric_limits<int64_t>::max()));
  sampling.seed = static_cast<uint64_t>(seed);
  return {};
}

Result<void> readCommon(const Json& body, ApiRequest& request) {
  Z2_TRY_VOID(refuseUnknown(body));
  Z2_TRY_VOID(readSampling(body, request));
  Z2_TRY(request.stops, stopsOf(body));
  Z2_TRY(request.count, integer(body, "n", 1, 1, kMostAnswers));
  Z2_TRY(request.isStream, flag(body, "stream"));
  Z2_TRY(request.ignoresEnd, flag(body, "ignore_eos"));
  if (!isAbsent(body, "stream_options")) {
    if (!body["stream_options"].is_object())
      return badInput("stream_options", "it must be an object");
    Z2_TRY(request.includesUsage, flag(body["stream_options"], "include_usage"));
  }
  for (const char* name : {"max_tokens", "max_completion_tokens"}) {
    if (isAbsent(body, name)) continue;
    Z2_TRY(request.maxTokens, integer(body, name, 1, 1, int64_t{1} << 30));
  }
  return {};
}

Result<std::vector<ChatMessage>> messagesOf(const Json& body) {
  if (isAbsent(body, "messages") || !body["messages"].is_array() || body["messages"].empty())
    return badInput("messages", "a list of messages is missing",
                    "[{\"role\":\"user\",\"content\":…}]");
  std::vector<ChatMessage> messages;
  for (const Json& message : body["messages"]) {
    const std::string where = fmt::format("messages[{}]", messages.size());
    auto read = readMessage(message, "it");
    if (!read) return badInput(where, read.error().detail);
    messages.push_back(*std::move(read));
  }
  return messages;
}

// What a choice of tools leaves of them.
Result<Json> toolsOf(const Json& body) {
  if (isAbsent(body, "tools")) return Json(nullptr);
  const auto read = readTools(body["tools"]);
  if (!read) return badInput("tools", read.error().detail);
  for (size_t i = 0; i < read->size(); ++i) {
    const Json& function = read->at(i).at("function");
    if (!function.is_object() || !function.contains("name") || !function.at("name").is_string())
      return badInput(fmt::format("tools[{}]", i), "it is no function with a \"name\"",
                      "{\"type\":\"function\",\"function\":{\"name\":…,\"parameters\":{…}}}");
  }
  if (isAbsent(body, "tool_choice") || body["tool_choice"] == "auto") return *read;
  if (body["tool_choice"] == "none") return Json(nullptr);
  return badInput("tool_choice", "a call cannot be forced", "Use \"auto\" or \"none\"");
}

Result<std::vector<int32_t>> idsOf(const Json& list) {
  std::vector<int32_t> ids;
  for (const Json& id : list) {
    if (!id.is_number_integer() || id.get<int64_t>() < 0 || id.get<int64_t>() > INT32_MAX)
      return badInput("prompt", "a list must hold texts, token ids, or lists of token ids");
    ids.push_back(id.get<int32_t>());
  }
  return ids;
}

Result<void> readPrompts(const Json& body, ApiRequest& request) {
  if (isAbsent(body, "prompt")) return badInput("prompt", "it is missing");
  const Json& prompt = body["prompt"];
  if (prompt.is_string()) {
    request.prompts.emplace_back(prompt.get<std::string>());
    return {};
  }
  if (!prompt.is_array() || prompt.empty())
    return badInput("prompt", "it must be a text, or a list of texts or token ids");
  if (prompt.front().is_number()) {
    Z2_TRY(std::vector<int32_t> ids, idsOf(prompt));
    request.prompts.emplace_back(std::move(ids));
    return {};
  }
  for (const Json& entry : prompt) {
    if (entry.is_string()) {
      request.prompts.emplace_back(entry.get<std::string>());
    } else {
      Z2_TRY(std::vector<int32_t> ids, idsOf(entry.is_array() ? entry : Json::array({entry})));
      request.prompts.emplace_back(std::move(ids));
    }
  }
  if (std::cmp_greater(request.prompts.size(), 256))
    return badInput("prompt", "more than 256 prompts");
  return {};
}

}  // namespace

Result<ApiRequest> parseChatRequest(const Json& body) {
  if (!body.is_object()) return badInput("body", "it must be a JSON object");
  ApiRequest request;
  request.isChat = true;
  Z2_TRY_VOID(readCommon(body, request));
  Z2_TRY(request.messages, messagesOf(body));
  Z2_TRY(request.tools, toolsOf(body));
  Z2_TRY(const bool wantsLogProbs, flag(body, "logprobs"));
  Z2_TRY(const int64_t top, integer(body, "top_logprobs", 0, 0, kMostTopLogProbs));
  if (top > 0 && !wantsLogProbs) return badInput("top_logprobs", "it needs \"logprobs\": true");
  if (wantsLogProbs) request.topLogProbs = top;
  return request;
}

Result<ApiRequest> parseCompletionRequest(const Json& body) {
  if (!body.is_object()) return badInput("body", "it must be a JSON object");
  if (!isAbsent(body, "tools") && !body["tools"].empty())
    return badInput("tools", "only a chat has tools", "Use /v1/chat/completions");
  ApiRequest request;
  Z2_TRY_VOID(readCommon(body, request));
  Z2_TRY_VOID(readPrompts(body, request));
  if (!request.maxTokens) request.maxTokens = kDefaultCompletionTokens;
  Z2_TRY(request.topLogProbs, integer(body, "logprobs", -1, 0, kMostTopLogProbs));
  return request;
}

}  // namespace z2
