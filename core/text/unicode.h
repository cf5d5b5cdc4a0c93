#pragma once

// Character classes as the `tokenizers` library sees them: its regular expressions (Oniguruma) and
// its Rust parts know different versions of Unicode, and so do these tables.

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace z2 {

// Flags of one code point.
enum CharClass : uint8_t {
  kLetter = 1,          // \p{L} of Oniguruma
  kNumber = 2,          // \p{N} of Oniguruma
  kSpace = 4,           // \s of Oniguruma: White_Space
  kWord = 8,            // \w of Rust
  kRegexWord = 16,      // \w of Oniguruma
  kPunctuation = 32,    // what the Punctuation pre-tokenizer isolates
  kNumeric = 64,        // char::is_numeric of Rust
  kChangesInNfc = 128,  // NFC is not the identity around it
};

// A two-stage table, built once. Thread-safe.
class UnicodeClasses {
 public:
  [[nodiscard]] static const UnicodeClasses& get();

  // `codePoint` is at most U+10FFFF.
  [[nodiscard]] uint8_t of(char32_t codePoint) const {
    return blocks_[static_cast<size_t>(index_[codePoint >> 8]) << 8 | (codePoint & 0xFF)];
  }

 private:
  UnicodeClasses();
  std::array<uint16_t, 0x1100> index_{};
  std::vector<uint8_t> blocks_;
};

// A text for PCRE2 to match in place of `text`: characters whose category PCRE2's Unicode version
// does not know become characters of the same category and length in bytes. Returns `text` itself
// when there are none, else a view of `buffer`. `text` is valid UTF-8.
[[nodiscard]] std::string_view withStandIns(std::string_view text, std::string& buffer);

}  // namespace z2
