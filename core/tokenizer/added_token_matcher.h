#pragma once

// Finds added tokens in a text before the model sees it, as `tokenizers` does: leftmost, longest
// first, on the bytes of UTF-8.

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/tokenizer/tokenizer_definition.h"

namespace z2 {

// Immutable and thread-safe.
class AddedTokenMatcher {
 public:
  // A part of a text: an added token, or text between such.
  struct Section {
    std::string_view text;
    int32_t id = -1;  // -1: text
  };

  AddedTokenMatcher() = default;
  // `spelling` i is what the token i is searched as (its content, perhaps normalized).
  AddedTokenMatcher(std::vector<AddedToken> tokens, std::vector<std::string> spellings);

  // Whether it can find anything at all.
  [[nodiscard]] bool isIdle(bool allowSpecial) const {
    return allowSpecial ? tokens_.empty() : !hasOrdinary_;
  }
  // Appends the sections of `text`; no section of text is empty. A special token that is not
  // allowed is passed over and stays text.
  void split(std::string_view text, bool allowSpecial, std::vector<Section>& sections) const;

 private:
  struct Range {
    uint32_t begin = 0;
    uint32_t end = 0;
  };
  // The index of the longest token that `text` starts with; -1: none.
  [[nodiscard]] int32_t longestAt(std::string_view text) const;
  [[nodiscard]] static bool touchesWord(std::string_view before, std::string_view after);

  std::vector<AddedToken> tokens_;  // sorted by spelling
  std::vector<std::string> spellings_;
  std::array<Range, 256> byFirstByte_{};
  bool hasOrdinary_ = false;
};

}  // namespace z2
