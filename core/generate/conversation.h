#pragma once

// A conversation as the ids that a model goes on from.

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "core/base/error.h"
#include "core/tokenizer/tokenizer.h"

namespace z2 {

struct ChatTurn {
  std::string role;  // "system", "user", "assistant"
  std::string content;
  friend bool operator==(const ChatTurn&, const ChatTurn&) = default;
};

// How a model was taught to tell turns apart. Immutable.
class ConversationFormat {
 public:
  // For a model that was trained to continue text and nothing else:
  //
  //   User: What is a whale?
  //   Assistant: A whale is an animal that lives in the sea.
  //   User: And a mouse?
  //   Assistant:
  //
  // A system message stands before the first turn. The model's turn ends where a new line begins
  // with "User:".
  [[nodiscard]] static ConversationFormat plain();

  // The ids up to the place where the assistant goes on.
  [[nodiscard]] Result<std::vector<int32_t>> encode(std::span<const ChatTurn> messages,
                                                    const Tokenizer& tokenizer) const;
  // Texts that end the assistant's turn, beside the model's end tokens.
  [[nodiscard]] const std::vector<std::string>& stops() const { return stops_; }
  [[nodiscard]] const char* name() const { return "plain text"; }
  // Whether an answer's spaces at both ends belong to the format.
  [[nodiscard]] bool trims() const { return true; }

 private:
  std::vector<std::string> stops_;
};

// The same of a conversation that may be too long: the oldest turns are left out (a question and
// its answer, never the system message) until it has at most `limit` tokens; kBadInput when the
// system message and the last question alone have more.
[[nodiscard]] Result<std::vector<int32_t>> encodeConversation(const ConversationFormat& format,
                                                              std::vector<ChatTurn> messages,
                                                              const Tokenizer& tokenizer,
                                                              int64_t limit);

}  // namespace z2
