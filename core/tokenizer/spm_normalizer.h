#pragma once

// sentencepiece's normalizer: the rules of a precompiled character map, white space, and the
// user-defined symbols that no rule touches.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/error.h"
#include "core/tokenizer/sentencepiece_model.h"

namespace z2 {

// U+2581, which stands for a space inside of pieces.
inline constexpr std::string_view kSpaceMark = "\xE2\x96\x81";

// A precompiled charsmap: a double-array trie (Darts-clone's layout) from sources to places among
// NUL-terminated replacements. Immutable and thread-safe.
class SpmCharacterMap {
 public:
  struct Match {
    size_t length = 0;  // bytes of the source; 0: no rule
    std::string_view replacement;
  };

  SpmCharacterMap() = default;
  // Empty bytes: no rules.
  [[nodiscard]] static Result<SpmCharacterMap> create(std::string_view precompiled);

  [[nodiscard]] bool isEmpty() const { return units_.empty(); }
  // The longest rule whose source `text` starts with.
  [[nodiscard]] Match longest(std::string_view text) const;
  // All of `text` by the longest rules; broken bytes become U+FFFD each.
  [[nodiscard]] std::string apply(std::string_view text) const;

 private:
  std::vector<uint32_t> units_;
  std::string replacements_;
};

// The longest of a set of strings that a text starts with. Immutable and thread-safe.
class PrefixMatcher {
 public:
  PrefixMatcher() = default;
  explicit PrefixMatcher(std::vector<std::string> strings);
  [[nodiscard]] bool isEmpty() const { return strings_.empty(); }
  // Its length; 0: none.
  [[nodiscard]] size_t longest(std::string_view text) const;

 private:
  std::vector<std::string> strings_;  // sorted, the longest of those with one start last
};

// Immutable and thread-safe.
class SpmNormalizer {
 public:
  [[nodiscard]] static Result<SpmNormalizer> create(const SentencePieceModel& model,
                                                    const PrefixMatcher& userSymbols);
  // Replaces `out`. Any bytes are taken: each broken one becomes U+FFFD. `addsPrefix` false leaves
  // out the space that the model may put before a text.
  void apply(std::string_view text, std::string& out, bool addsPrefix = true) const;

 private:
  [[nodiscard]] SpmCharacterMap::Match nextPart(std::string_view text) const;

  SpmCharacterMap map_;
  PrefixMatcher userSymbols_;
  std::string_view space_ = kSpaceMark;
  bool addsDummyPrefix_ = true;
  bool removesExtraWhitespaces_ = true;
  bool isSuffixMode_ = false;
};

}  // namespace z2
