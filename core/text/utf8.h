#pragma once

// UTF-8 as the Unicode standard defines it: no surrogates, no overlong forms, up to U+10FFFF.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace z2 {

inline constexpr char32_t kReplacementCharacter = 0xFFFD;

// One decoded character. `length` is at least 1; a broken sequence gives isValid = false,
// U+FFFD, and the length of its maximal valid start (what one U+FFFD replaces).
struct DecodedCharacter {
  char32_t codePoint = 0;
  uint32_t length = 1;
  bool isValid = true;
};

// Decodes the character at `text[at]`; `at` < text.size().
[[nodiscard]] DecodedCharacter decodeUtf8(std::string_view text, size_t at);

// The code point at `bytes`, which start a valid character; sets `length`.
[[nodiscard]] inline char32_t decodeValidUtf8(const char* bytes, uint32_t& length) {
  const auto at = [&](int i) { return static_cast<uint32_t>(static_cast<uint8_t>(bytes[i])); };
  const uint32_t lead = at(0);
  if (lead < 0x80) {
    length = 1;
    return lead;
  }
  if (lead < 0xE0) {
    length = 2;
    return (lead & 0x1F) << 6 | (at(1) & 0x3F);
  }
  if (lead < 0xF0) {
    length = 3;
    return (lead & 0x0F) << 12 | (at(1) & 0x3F) << 6 | (at(2) & 0x3F);
  }
  length = 4;
  return (lead & 0x07) << 18 | (at(1) & 0x3F) << 12 | (at(2) & 0x3F) << 6 | (at(3) & 0x3F);
}

// Bytes of the character that starts with `lead`, in valid UTF-8.
[[nodiscard]] inline uint32_t utf8Length(char lead) {
  const auto byte = static_cast<uint8_t>(lead);
  return byte < 0x80 ? 1 : byte < 0xE0 ? 2 : byte < 0xF0 ? 3 : 4;
}
[[nodiscard]] inline bool isContinuationByte(char byte) {
  return (static_cast<uint8_t>(byte) & 0xC0) == 0x80;
}

void appendUtf8(std::string& out, char32_t codePoint);

[[nodiscard]] bool isValidUtf8(std::string_view text);

// `text` with every maximal broken sequence replaced by U+FFFD, as Python's errors="replace" and
// Rust's from_utf8_lossy do. Returns `text` itself when it is valid, else a view of `buffer`.
[[nodiscard]] std::string_view replaceInvalidUtf8(std::string_view text, std::string& buffer);

}  // namespace z2
