#include "core/serve/answer_stream.h"

#include <algorithm>
#include <utility>

#include "core/serve/openai_reply.h"
#include "core/text/utf8.h"

namespace z2 {

AnswerStream::AnswerStream(std::shared_ptr<const Tokenizer> tokenizer,
                           std::vector<std::string> stops, bool hasLogProbs, bool isChat)
    : tokenizer_(tokenizer),
      stream_(std::move(tokenizer), std::move(stops)),
      hasLogProbs_(hasLogProbs),
      isChat_(isChat) {}

std::string AnswerStream::take(std::string text) {
  if (isChat_ && text_.empty()) text.erase(0, text.find_first_not_of(" \n"));
  text_ += text;
  return text;
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
  piece.logProbs = takeLogProbs(piece.text);
  return piece;
}

Json AnswerStream::logProbs() const {
  return hasLogProbs_ ? logProbsOf(tokens_, isChat_, *tokenizer_, 0) : Json(nullptr);
}

}  // namespace z2
