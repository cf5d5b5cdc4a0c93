#include "core/text/utf8.h"

#include <string>

#include <gtest/gtest.h>

namespace z2 {
namespace {

std::string replaced(std::string_view text) {
  std::string buffer;
  return std::string(replaceInvalidUtf8(text, buffer));
}

TEST(Utf8, ValidTextIsLeftWhereItIs) {
  const std::string text = "plain ASCII, é, 月, 😀";
  std::string buffer;
  EXPECT_EQ(replaceInvalidUtf8(text, buffer).data(), text.data());
  EXPECT_TRUE(isValidUtf8(text));
}

// The values are those of Python's bytes.decode("utf-8", "replace").
TEST(Utf8, EveryMaximalBrokenSequenceBecomesOneReplacement) {
  constexpr const char* kBad = "\xEF\xBF\xBD";
  EXPECT_EQ(replaced("a\xFFz"), std::string("a") + kBad + "z");
  EXPECT_EQ(replaced("\xE6\x9C"), kBad);
  EXPECT_EQ(replaced("\xE6\x9Cz"), std::string(kBad) + "z");
  EXPECT_EQ(replaced("\xF0\x9F\x98"), kBad);
  EXPECT_EQ(replaced("\xC0\x80"), std::string(kBad) + kBad);
  EXPECT_EQ(replaced("\xED\xA0\x80"), std::string(kBad) + kBad + kBad);
  EXPECT_EQ(replaced("\xF4\x90\x80\x80"), std::string(kBad) + kBad + kBad + kBad);
}

TEST(Utf8, EveryCodePointSurvivesEncodingAndDecoding) {
  for (char32_t c = 0; c <= 0x10FFFF; ++c) {
    if (c >= 0xD800 && c < 0xE000) continue;
    std::string text;
    appendUtf8(text, c);
    const DecodedCharacter decoded = decodeUtf8(text, 0);
    uint32_t length = 0;
    ASSERT_TRUE(decoded.isValid && decoded.codePoint == c && decoded.length == text.size());
    ASSERT_EQ(decodeValidUtf8(text.data(), length), c);
    ASSERT_EQ(length, text.size());
  }
}

}  // namespace
}  // namespace z2
