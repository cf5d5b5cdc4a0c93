#pragma once

// A conversation as text, for a model that was trained to continue text and nothing else.
//
//   User: What is a whale?
//   Assistant: A whale is an animal that lives in the sea.
//   User: And a mouse?
//   Assistant:
//
// The model continues after the last "Assistant:"; its turn ends where a new line begins with
// "User:".

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/base/error.h"
#include "core/tokenizer/tokenizer.h"

namespace z2::cli {

inline constexpr std::string_view kUserTurn = "\nUser:";  // ends an answer

class Dialogue {
 public:
  void ask(std::string text);
  // The answer to the last question; spaces around it are dropped.
  void answer(std::string_view text);
  // Takes back the last question.
  void withdraw();
  void clear() { turns_.clear(); }

  // The ids of the transcript up to the place where the model goes on. The oldest turns are left
  // out until it has at most `limit` tokens; kBadInput when the last question alone has more.
  [[nodiscard]] Result<std::vector<int32_t>> encode(const Tokenizer& tokenizer, int64_t limit);
  [[nodiscard]] std::string transcript() const;

 private:
  struct Turn {
    std::string question;
    std::string answer;
  };
  std::vector<Turn> turns_;
};

}  // namespace z2::cli
