#include "core/instruct/chat_exchange.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "core/instruct/instruction_task.h"
#include "core/text/utf8.h"

namespace z2 {

namespace {

constexpr size_t kShownBytes = 200;

// The start of a foreign text on one line.
std::string shown(std::string_view text) {
  text = trimmed(text);
  const bool isLong = text.size() > kShownBytes;
  size_t end = std::min(text.size(), kShownBytes);
  while (isLong && end > 0 && isContinuationByte(text[end])) --end;
  std::string line(text.substr(0, end));
  for (char& c : line)
    if (static_cast<unsigned char>(c) < ' ') c = ' ';
  return line + (isLong ? " …" : "");
}

// What a server says about its refusal: {"error":{"message"}}, {"error":text}, {"message"},
// {"detail"}, or the text itself.
std::string messageOf(std::string_view body) {
  const auto json = parseJson(body, "answer");
  if (!json || !json->is_object()) return shown(body);
  const Json* value = &*json;
  for (const char* name : {"error", "message", "detail"})
    if (value->is_object() && value->contains(name)) value = &(*value)[name];
  return shown(value->is_string() ? value->get_ref<const std::string&>() : jsonLine(*value));
}

ChatOutcome retry(std::string_view url, std::string what, bool isBusy = false) {
  return {.verdict = ChatVerdict::kRetry,
          .error = {.code = ErrorCode::kEnvironment,
                    .what = std::move(what),
                    .where = std::string(url),
                    .fix = "Look at the server; the same command goes on where this one stopped",
                    .retryable = true},
          .isBusy = isBusy};
}

ChatOutcome giveUp(std::string_view url, std::string what, std::string fix) {
  return {.verdict = ChatVerdict::kGiveUp,
          .error = {.code = ErrorCode::kEnvironment,
                    .what = std::move(what),
                    .where = std::string(url),
                    .fix = std::move(fix)}};
}

ChatOutcome judgeFailure(const HttpAnswer& answer, std::string_view url, bool wasReached) {
  switch (answer.outcome) {
    case HttpAnswer::Outcome::kUnreachable:
      if (!wasReached)
        return giveUp(url, fmt::format("the server cannot be reached: {}", answer.failure),
                      "Check --endpoint, and that the server runs");
      return retry(url, fmt::format("the server cannot be reached: {}", answer.failure));
    case HttpAnswer::Outcome::kUntrusted:
      return giveUp(url, fmt::format("there is no safe connection: {}", answer.failure),
                    "Check the address; SSL_CERT_FILE names certificates to trust beside the "
                    "system's");
    case HttpAnswer::Outcome::kTimeout:
      return retry(url, "no answer came in time");
    default:
      return retry(url, fmt::format("the connection broke: {}", answer.failure));
  }
}

ChatOutcome judgeStatus(const HttpAnswer& answer, std::string_view url) {
  const int status = answer.status;
  const std::string what = fmt::format("HTTP {}: {}", status, messageOf(answer.body));
  if (status == 401 || status == 403)
    return giveUp(url, what, "Give a key that may use this model with --key-file");
  if (status == 404) return giveUp(url, what, "Check --endpoint and --model");
  if (status == 402 || answer.body.find("insufficient_quota") != std::string::npos)
    return giveUp(url, what, "The account has no money left");
  if (status >= 300 && status < 400)
    return giveUp(url, fmt::format("HTTP {}: the server points elsewhere", status),
                  "Give the address it points to as --endpoint");
  const bool isPassing = status == 408 || status == 409 || status == 425 || status == 429;
  if (isPassing || status >= 500 || status < 300)
    return retry(url, what, status == 429 || status == 503 || status == 529);
  return giveUp(url, what,
                "The server refuses the request; see --model, --max-tokens and --fields");
}

int64_t countOf(const Json& usage, const char* name) {
  const auto found = usage.find(name);
  return found != usage.end() && found->is_number_integer()
             ? std::max<int64_t>(found->get<int64_t>(), 0)
             : 0;
}

// An answer that is not of the API is the work of something between: it may pass.
ChatOutcome judgeBody(const HttpAnswer& answer, std::string_view url) {
  const auto json = parseJson(answer.body, "answer");
  if (!json || !json->is_object())
    return retry(url, fmt::format("this is no answer of OpenAI's API: {}", shown(answer.body)));
  const auto choices = json->find("choices");
  const bool hasChoice = choices != json->end() && choices->is_array() && !choices->empty() &&
                         (*choices)[0].is_object() && (*choices)[0].contains("message") &&
                         (*choices)[0]["message"].is_object();
  if (!hasChoice)
    return retry(url, fmt::format("the answer has no choices: {}", messageOf(answer.body)));
  const Json& choice = (*choices)[0];
  const Json content = choice["message"].value("content", Json());
  if (!content.is_string() && !content.is_null())
    return retry(url, fmt::format("the answer's content is no text: {}", shown(jsonLine(content))));
  ChatOutcome outcome;
  if (content.is_string()) outcome.reply.text = content.get<std::string>();
  const Json reason = choice.value("finish_reason", Json());
  outcome.reply.isCutOff = reason.is_string() && reason == "length";
  if (const auto usage = json->find("usage"); usage != json->end() && usage->is_object()) {
    outcome.reply.hasUsage = true;
    outcome.reply.promptTokens = countOf(*usage, "prompt_tokens");
    outcome.reply.completionTokens = countOf(*usage, "completion_tokens");
  }
  return outcome;
}

}  // namespace

std::string chatBody(const ChatOptions& options, const std::string& message, uint64_t seed) {
  Json body = {{"model", options.model},
               {"messages", Json::array({{{"role", "user"}, {"content", message}}})},
               {"temperature", options.temperature},
               {"top_p", options.topP},
               {"max_tokens", options.maxTokens},
               {"seed", seed & 0x7FFFFFFF}};
  for (const auto& [name, value] : options.fields.items()) {
    if (value.is_null())
      body.erase(name);
    else
      body[name] = value;
  }
  return jsonLine(body);
}

ChatOutcome judgeAnswer(const HttpAnswer& answer, std::string_view url, bool wasReached) {
  if (answer.outcome != HttpAnswer::Outcome::kAnswered)
    return judgeFailure(answer, url, wasReached);
  if (answer.status != 200) return judgeStatus(answer, url);
  return judgeBody(answer, url);
}

}  // namespace z2
