#include "core/text/utf8.h"

#include <cstring>
#include <string>
#include <string_view>

namespace z2 {

namespace {

// The length of the longest valid prefix.
size_t validLength(std::string_view text) {
  size_t at = 0;
  while (at < text.size()) {
    if (at + 8 <= text.size()) {
      uint64_t word = 0;
      std::memcpy(&word, text.data() + at, 8);
      if ((word & 0x8080808080808080ULL) == 0) {
        at += 8;
        continue;
      }
    }
    const DecodedCharacter decoded = decodeUtf8(text, at);
    if (!decoded.isValid) return at;
    at += decoded.length;
  }
  return at;
}

}  // namespace

DecodedCharacter decodeUtf8(std::string_view text, size_t at) {
  const auto byte = [&](size_t i) { return static_cast<uint32_t>(static_cast<uint8_t>(text[i])); };
  const uint32_t lead = byte(at);
  if (lead < 0x80) return {lead, 1, true};
  if (lead < 0xC2 || lead > 0xF4) return {kReplacementCharacter, 1, false};
  const uint32_t length = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
  // The second byte's range excludes overlong forms, surrogates and what is past U+10FFFF.
  const uint32_t low = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
  const uint32_t high = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
  char32_t codePoint = lead & (0xFFU >> (length + 1));
  for (uint32_t i = 1; i < length; ++i) {
    if (at + i >= text.size()) return {kReplacementCharacter, i, false};
    const uint32_t next = byte(at + i);
    if (next < (i == 1 ? low : 0x80U) || next > (i == 1 ? high : 0xBFU))
      return {kReplacementCharacter, i, false};
    codePoint = codePoint << 6 | (next & 0x3F);
  }
  return {codePoint, length, true};
}

void appendUtf8(std::string& out, char32_t codePoint) {
  const auto put = [&](uint32_t byte) { out.push_back(static_cast<char>(byte)); };
  if (codePoint < 0x80) {
    put(codePoint);
  } else if (codePoint < 0x800) {
    put(0xC0 | codePoint >> 6);
    put(0x80 | (codePoint & 0x3F));
  } else if (codePoint < 0x10000) {
    put(0xE0 | codePoint >> 12);
    put(0x80 | (codePoint >> 6 & 0x3F));
    put(0x80 | (codePoint & 0x3F));
  } else {
    put(0xF0 | codePoint >> 18);
    put(0x80 | (codePoint >> 12 & 0x3F));
    put(0x80 | (codePoint >> 6 & 0x3F));
    put(0x80 | (codePoint & 0x3F));
  }
}

bool isValidUtf8(std::string_view text) { return validLength(text) == text.size(); }

std::string_view replaceInvalidUtf8(std::string_view text, std::string& buffer) {
  size_t valid = validLength(text);
  if (valid == text.size()) return text;
  std::string replaced;  // `text` may lie in `buffer`
  replaced.reserve(text.size() + 16);
  size_t at = 0;
  while (true) {
    replaced.append(text, at, valid);
    at += valid;
    if (at >= text.size()) break;
    appendUtf8(replaced, kReplacementCharacter);
    at += decodeUtf8(text, at).length;
    valid = validLength(text.substr(at));
  }
  buffer = std::move(replaced);
  return buffer;
}

}  // namespace z2
