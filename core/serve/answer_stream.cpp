#include "core/serve/answer_stream.h"

#include <algorithm>
#include <functional>
#include <string_view>
#include <utility>

#include "core/serve/openai_reply.h"
#include "core/text/utf8.h"

namespace z2 {

namespace {

// Nine letters and digits, which is what some templates want of an id.
std::string callId(const std::string& seed, size_t index) {
  constexpr std::string_view kDigits = "0123456789abcdefghijklmnopqrstuvwxyz";
  size_t hash = std::hash<std::string>()(seed + "/" + std::to_string(index));
  std::string id;
  for (int i = 0; i < 9; ++i, hash /= kDigits.size()) id += kDigits[hash % kDigits.size()];
  return id;
}

}  // namespace

AnswerStream::AnswerStream(std::shared_ptr<const Tokenizer> tokenizer,
                           std::vector<std::string> stops, bool hasLogProbs, bool isChat,
                           std::optional<Calls> calls)
    : tokenizer_(tokenizer),
      stream_(std::move(tokenizer), std::move(stops),
              calls ? calls->markers : std::vector<int32_t>()),
      hasLogProbs_(hasLogProbs),
      isChat_(isChat),
      calls_(std::move(calls)) {}

std::string AnswerStream::take(std::string text) {
  if (isChat_ && text_.empty() && held_.empty()) text.erase(0, text.find_first_not_of(" \n"));
  if (calls_) {
    held_ += text;
    // A call may begin anywhere: of what was given before nothing is one.
    const size_t free = textBeforeCalls(text_ + held_, calls_->style);
    text = held_.substr(0, free - std::min(free, text_.size()));
    held_.erase(0, text.size());
  }
  text_ += text;
  return text;
}

// What was held back, as calls or else as text.
std::string AnswerStream::takeCalls() {
  const Json calls = readToolCalls(text_ + held_, calls_->style).calls;
  if (calls.is_null()) {
    text_ += held_;
    return std::exchange(held_, {});
  }
  held_.clear();
  toolCalls_ = Json::array();
  for (const Json& call : calls) {
    const Json& function = call["function"];
    toolCalls_.push_back(
        {{"id", callId(calls_->seed, toolCalls_.size())},
         {"type", "function"},
         {"function",
          {{"name", function["name"]}, {"arguments", jsonLine(function["arguments"])}}}});
  }
  return {};
}

// Of the tokens since the last piece; they wait until there is text to go with.
Json AnswerStream::takeLogProbs(const std::string& text) {
  if (!hasLogProbs_ || tokensGiven_ == tokens_.size()) return nullptr;
  const std::vector<ServedToken> fresh(tokens_.begin() + static_cast<std::ptrdiff_t>(tokensGiven_),
                                       tokens_.end());
  Json json = logProbsOf(fresh, isChat_, *tokenizer_, charactersGiven_);
  tokensGiven_ = tokens_.size();
  for (size_t at = 0; at < text.size(); at += decodeUtf8(text, at).length) ++charactersGiven_;
  return json;
}

AnswerStream::Piece AnswerStream::push(const ServedToken& token) {
  if (hasLogProbs_ && !stream_.hasStopped()) tokens_.push_back(token);
  Piece piece;
  piece.text = take(stream_.push(token.id));
  if (!piece.text.empty()) piece.logProbs = takeLogProbs(piece.text);
  return piece;
}

AnswerStream::Piece AnswerStream::finish(const std::string& end) {
  // A stop text was ours to find; what the engine stopped for is the end of the model's turn.
  finishReason_ = stream_.hasStopped() || end == "stop" ? "stop" : "length";
  Piece piece;
  if (!stream_.hasStopped()) piece.text = take(stream_.finish());
  if (calls_) piece.text += takeCalls();
  if (!toolCalls_.is_null()) finishReason_ = "tool_calls";
  piece.logProbs = takeLogProbs(piece.text);
  return piece;
}

Json AnswerStream::logProbs() const {
  return hasLogProbs_ ? logProbsOf(tokens_, isChat_, *tokenizer_, 0) : Json(nullptr);
}

}  // namespace z2
