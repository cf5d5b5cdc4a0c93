#include "core/text/unicode.h"

#include <string>

#include <gtest/gtest.h>

namespace z2 {
namespace {

TEST(Unicode, CountsOfTheClassesAreThoseOfTokenizers) {
  const UnicodeClasses& classes = UnicodeClasses::get();
  int letters = 0;
  int numbers = 0;
  int spaces = 0;
  int words = 0;
  for (char32_t c = 0; c <= 0x10FFFF; ++c) {
    const uint8_t flags = classes.of(c);
    letters += (flags & kLetter) != 0 ? 1 : 0;
    numbers += (flags & kNumber) != 0 ? 1 : 0;
    spaces += (flags & kSpace) != 0 ? 1 : 0;
    words += (flags & kWord) != 0 ? 1 : 0;
  }
  EXPECT_EQ(letters, 141028);
  EXPECT_EQ(numbers, 1911);
  EXPECT_EQ(spaces, 25);
  EXPECT_EQ(words, 144667);
}

TEST(Unicode, WhiteSpaceIsThatOfTheStandard) {
  const UnicodeClasses& classes = UnicodeClasses::get();
  for (const char32_t c : {0x85, 0xA0, 0x2028, 0x3000})
    EXPECT_TRUE(classes.of(c) & kSpace) << static_cast<uint32_t>(c);
  for (const char32_t c : {0x180E, 0x200B, 0xFEFF, 0x1C})
    EXPECT_FALSE(classes.of(c) & kSpace) << static_cast<uint32_t>(c);
}

TEST(Unicode, StandInsKeepTheLengthAndLeaveKnownTextAlone) {
  std::string buffer;
  const std::string known = "Ordinary text, 普通的文字";
  EXPECT_EQ(withStandIns(known, buffer).data(), known.data());
  const std::string newer = "a\U0002EBF0b\u180Ec";  // Unicode 15.1; a format character
  const std::string_view standing = withStandIns(newer, buffer);
  EXPECT_EQ(standing.size(), newer.size());
  EXPECT_EQ(standing.front(), 'a');
  EXPECT_EQ(standing.back(), 'c');
  EXPECT_EQ(standing.find("\u180E"), std::string_view::npos);
}

}  // namespace
}  // namespace z2
