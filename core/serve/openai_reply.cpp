#include "core/serve/openai_reply.h"

#include <utility>

#include "core/text/utf8.h"

namespace z2 {

namespace {

Json headOf(const ReplyHead& head, bool isChunk) {
  const char* const object = !head.isChat ? "text_completion"
                             : isChunk    ? "chat.completion.chunk"
                                          : "chat.completion";
  return {{"id", head.id}, {"object", object}, {"created", head.created}, {"model", head.model}};
}

Json chunk(const ReplyHead& head, Json choice) {
  Json json = headOf(head, true);
  json["choices"] = Json::array({std::move(choice)});
  return json;
}

std::string textOf(const Tokenizer& tokenizer, int32_t id) {
  std::string buffer;
  return std::string(replaceInvalidUtf8(tokenizer.tokenBytes(id), buffer));
}

Json tokenEntry(const Tokenizer& tokenizer, int32_t id, double logProb) {
  const std::string bytes = tokenizer.tokenBytes(id);
  Json list = Json::array();
  for (const char byte : bytes) list.push_back(static_cast<uint8_t>(byte));
  return {{"token", textOf(tokenizer, id)}, {"logprob", logProb}, {"bytes", std::move(list)}};
}

int64_t countCharacters(std::string_view text) {
  int64_t count = 0;
  for (size_t at = 0; at < text.size(); at += decodeUtf8(text, at).length) ++count;
  return count;
}

Json chatLogProbs(const std::vector<ServedToken>& tokens, const Tokenizer& tokenizer) {
  Json content = Json::array();
  for (const ServedToken& token : tokens) {
    Json entry = tokenEntry(tokenizer, token.id, token.logProb);
    entry["top_logprobs"] = Json::array();
    for (const auto& [id, logProb] : token.top)
      entry["top_logprobs"].push_back(tokenEntry(tokenizer, id, logProb));
    content.push_back(std::move(entry));
  }
  return {{"content", std::move(content)}};
}

}  // namespace

Json ReplyUsage::toJson() const {
  return {{"prompt_tokens", promptTokens},
          {"completion_tokens", completionTokens},
          {"total_tokens", promptTokens + completionTokens}};
}

Json wholeReply(const ReplyHead& head, const std::vector<ReplyChoice>& choices,
                const ReplyUsage& usage) {
  Json json = headOf(head, false);
  json["choices"] = Json::array();
  for (const ReplyChoice& choice : choices) {
    Json entry = {{"index", choice.index}};
    if (head.isChat) {
      entry["message"] = {{"role", "assistant"}, {"content", choice.text}};
      if (!choice.toolCalls.is_null()) {
        if (choice.text.empty()) entry["message"]["content"] = nullptr;
        entry["message"]["tool_calls"] = choice.toolCalls;
      }
    } else {
      entry["text"] = choice.text;
    }
    entry["logprobs"] = choice.logProbs;
    entry["finish_reason"] = choice.finishReason;
    json["choices"].push_back(std::move(entry));
  }
  json["usage"] = usage.toJson();
  return json;
}

Json roleChunk(const ReplyHead& head, int64_t index) {
  return chunk(head, {{"index", index},
                      {"delta", {{"role", "assistant"}, {"content", ""}}},
                      {"finish_reason", nullptr}});
}

Json textChunk(const ReplyHead& head, int64_t index, std::string_view text, const Json& logProbs) {
  Json choice = {{"index", index}};
  if (head.isChat)
    choice["delta"] = {{"content", text}};
  else
    choice["text"] = text;
  choice["logprobs"] = logProbs;
  choice["finish_reason"] = nullptr;
  return chunk(head, std::move(choice));
}

Json callsChunk(const ReplyHead& head, int64_t index, const Json& toolCalls) {
  Json numbered = Json::array();
  for (const Json& call : toolCalls) {
    Json one = {{"index", numbered.size()}};
    one.update(call);
    numbered.push_back(std::move(one));
  }
  return chunk(head, {{"index", index},
                      {"delta", {{"tool_calls", std::move(numbered)}}},
                      {"finish_reason", nullptr}});
}

Json endChunk(const ReplyHead& head, int64_t index, std::string_view finishReason) {
  Json choice = {{"index", index}};
  if (head.isChat)
    choice["delta"] = Json::object();
  else
    choice["text"] = "";
  choice["finish_reason"] = finishReason;
  return chunk(head, std::move(choice));
}

Json usageChunk(const ReplyHead& head, const ReplyUsage& usage) {
  Json json = headOf(head, true);
  json["choices"] = Json::array();
  json["usage"] = usage.toJson();
  return json;
}

Json logProbsOf(const std::vector<ServedToken>& tokens, bool isChat, const Tokenizer& tokenizer,
                int64_t offset) {
  if (isChat) return chatLogProbs(tokens, tokenizer);
  Json json = {{"tokens", Json::array()},
               {"token_logprobs", Json::array()},
               {"top_logprobs", Json::array()},
               {"text_offset", Json::array()}};
  for (const ServedToken& token : tokens) {
    const std::string text = textOf(tokenizer, token.id);
    Json top = Json::object();
    for (const auto& [id, logProb] : token.top) top[textOf(tokenizer, id)] = logProb;
    json["tokens"].push_back(text);
    json["token_logprobs"].push_back(token.logProb);
    json["top_logprobs"].push_back(std::move(top));
    json["text_offset"].push_back(offset);
    offset += countCharacters(text);
  }
  return json;
}

Json errorReply(const Error& error, std::string_view code) {
  const int status = httpStatus(error);
  std::string message = error.what;
  if (!error.fix.empty()) message += ". " + error.fix;
  if (!error.where.empty()) message.insert(0, error.where + ": ");
  return {{"error",
           {{"message", std::move(message)},
            {"type", status < 500 ? "invalid_request_error" : "server_error"},
            {"param", error.where.empty() ? Json(nullptr) : Json(error.where)},
            {"code", code.empty() ? Json(nullptr) : Json(code)}}}};
}

int httpStatus(const Error& error) {
  switch (error.code) {
    case ErrorCode::kUsage:
    case ErrorCode::kBadInput:
      return 400;
    case ErrorCode::kInterrupted:
      return 503;
    case ErrorCode::kEnvironment:
    case ErrorCode::kCorrupt:
      break;
  }
  return 500;
}

}  // namespace z2
