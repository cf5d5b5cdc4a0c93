#pragma once

// One answer on its way to a client of OpenAI's API: tokens in, text and probabilities out.

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/chat/tool_calls.h"
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

  // How the answer's calls of functions are known; nothing where it has none.
  struct Calls {
    ToolCallStyle style = ToolCallStyle::kTagged;
    std::vector<int32_t> markers;  // special tokens that belong to them
    std::string seed;              // differs from answer to answer: their ids come from it
  };
  // `isChat`: spaces before the first word are dropped, and the probabilities have a chat's form.
  AnswerStream(std::shared_ptr<const Tokenizer> tokenizer, std::vector<std::string> stops,
               bool hasLogProbs, bool isChat, std::optional<Calls> calls = std::nullopt);

  [[nodiscard]] Piece push(const ServedToken& token);
  // `end`: why the engine says it ended.
  [[nodiscard]] Piece finish(const std::string& end);

  [[nodiscard]] bool hasStopped() const { return stream_.hasStopped(); }
  [[nodiscard]] const std::string& text() const { return text_; }
  // Once it is finished: [{"id","type","function":{"name","arguments"}}, …], the arguments as the
  // text of JSON; null: none.
  [[nodiscard]] const Json& toolCalls() const { return toolCalls_; }
  [[nodiscard]] const std::string& finishReason() const { return finishReason_; }
  [[nodiscard]] Json logProbs() const;  // of all tokens; null when they were not asked for

 private:
  [[nodiscard]] std::string take(std::string text);
  [[nodiscard]] std::string takeCalls();
  [[nodiscard]] Json takeLogProbs(const std::string& text);

  std::shared_ptr<const Tokenizer> tokenizer_;
  TextStream stream_;
  bool hasLogProbs_;
  bool isChat_;
  std::optional<Calls> calls_;
  std::string text_;
  std::string held_;  // behind text_: what may be a call
  Json toolCalls_ = nullptr;
  std::vector<ServedToken> tokens_;
  size_t tokensGiven_ = 0;
  int64_t charactersGiven_ = 0;
  std::string finishReason_;
};

}  // namespace z2
