#pragma once

// One answer on its way to a client of OpenAI's API: tokens in, text and probabilities out.

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "core/generate/text_stream.h"
#include "core/io/json.h"
#include "core/serve/answer_queue.h"
#include "core/tokenizer/tokenizer.h"

namespace z2 {

class AnswerStream {
 public:
  // What a client can be given now.
  struct Piece {
    std::string text;
    Json logProbs = nullptr;
    [[nodiscard]] bool isEmpty() const { return text.empty() && logProbs.is_null(); }
  };

  // `isChat`: spaces before the first word are dropped, and the probabilities have a chat's form.
  AnswerStream(std::shared_ptr<const Tokenizer> tokenizer, std::vector<std::string> stops,
               bool hasLogProbs, bool isChat);

  [[nodiscard]] Piece push(const ServedToken& token);
  // `end`: why the engine says it ended.
  [[nodiscard]] Piece finish(const std::string& end);

  [[nodiscard]] bool hasStopped() const { return stream_.hasStopped(); }
  [[nodiscard]] const std::string& text() const { return text_; }
  [[nodiscard]] const std::string& finishReason() const { return finishReason_; }
  [[nodiscard]] Json logProbs() const;  // of all tokens; null when they were not asked for

 private:
  [[nodiscard]] std::string take(std::string text);
  [[nodiscard]] Json takeLogProbs(const std::string& text);

  std::shared_ptr<const Tokenizer> tokenizer_;
  TextStream stream_;
  bool hasLogProbs_;
  bool isChat_;
  std::string text_;
  std::vector<ServedToken> tokens_;
  size_t tokensGiven_ = 0;
  int64_t charactersGiven_ = 0;
  std::string finishReason_;
};

}  // namespace z2
