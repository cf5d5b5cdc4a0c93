#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/text/utf8.h"
#include "core/tokenizer/pretokenizer.h"

namespace z2 {

namespace {

// Printable bytes of Latin-1 stand for themselves, the 68 others for U+0100 upwards, in order.
struct AlphabetTable {
  std::array<uint16_t, 256> codePoints{};
  std::array<int16_t, 0x144> bytes{};
  std::array<std::array<char, 2>, 256> spellings{};

  constexpr AlphabetTable() {
    bytes.fill(-1);
    uint16_t next = 0x100;
    for (int b = 0; b < 256; ++b) {
      const bool isPrintable =
          (b >= 0x21 && b <= 0x7E) || (b >= 0xA1 && b <= 0xAC) || (b >= 0xAE && b <= 0xFF);
      const uint16_t c = isPrintable ? static_cast<uint16_t>(b) : next++;
      codePoints[b] = c;
      bytes[c] = static_cast<int16_t>(b);
      if (c < 0x80)
        spellings[b] = {static_cast<char>(c), '\0'};
      else
        spellings[b] = {static_cast<char>(0xC0 | c >> 6), static_cast<char>(0x80 | (c & 0x3F))};
    }
  }
};
constexpr AlphabetTable kAlphabet;

}  // namespace

std::string_view ByteAlphabet::character(uint8_t byte) {
  return {kAlphabet.spellings[byte].data(), kAlphabet.codePoints[byte] < 0x80 ? 1U : 2U};
}

char32_t ByteAlphabet::codePoint(uint8_t byte) { return kAlphabet.codePoints[byte]; }

int ByteAlphabet::byteOf(char32_t codePoint) {
  return codePoint < kAlphabet.bytes.size() ? kAlphabet.bytes[codePoint] : -1;
}

std::string ByteAlphabet::spell(std::string_view bytes) {
  std::string spelling;
  spelling.reserve(bytes.size() * 2);
  for (const char byte : bytes) spelling += character(static_cast<uint8_t>(byte));
  return spelling;
}

std::optional<std::string> ByteAlphabet::bytesOf(std::string_view spelling) {
  std::string bytes;
  bytes.reserve(spelling.size());
  for (size_t at = 0; at < spelling.size();) {
    const DecodedCharacter decoded = decodeUtf8(spelling, at);
    const int byte = decoded.isValid ? byteOf(decoded.codePoint) : -1;
    if (byte < 0) return std::nullopt;
    bytes.push_back(static_cast<char>(byte));
    at += decoded.length;
  }
  return bytes;
}

}  // namespace z2
