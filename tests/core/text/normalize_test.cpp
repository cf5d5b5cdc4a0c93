#include "core/text/normalize.h"

#include <string>

#include <gtest/gtest.h>

namespace z2 {
namespace {

std::string normalized(std::string_view text, NormalizationForm form) {
  std::string buffer;
  return std::string(normalizeUnicode(text, form, buffer));
}

TEST(Normalize, ComposesAndDecomposes) {
  EXPECT_EQ(normalized("e\u0301", NormalizationForm::kNfc), "\u00E9");
  EXPECT_EQ(normalized("\u00E9", NormalizationForm::kNfd), "e\u0301");
  EXPECT_EQ(normalized("\u212B", NormalizationForm::kNfc), "\u00C5");
  EXPECT_EQ(normalized("\uFB01\u2460", NormalizationForm::kNfkc), "fi1");
  EXPECT_EQ(normalized("\u1E9B\u0323", NormalizationForm::kNfc), "\u1E9B\u0323");
  EXPECT_EQ(normalized("\u1E9B\u0323", NormalizationForm::kNfkc), "\u1E69");
}

TEST(Normalize, OrdersMarksByTheirClass) {
  EXPECT_EQ(normalized("a\u0301\u0323", NormalizationForm::kNfd), "a\u0323\u0301");
  EXPECT_EQ(normalized("a\u0301\u0323", NormalizationForm::kNfc), "\u1EA1\u0301");
  // A mark of the same class between the two keeps them apart.
  EXPECT_EQ(normalized("a\u0305\u0301", NormalizationForm::kNfc), "a\u0305\u0301");
}

TEST(Normalize, ComputesHangul) {
  EXPECT_EQ(normalized("\u1100\u1161\u11A8", NormalizationForm::kNfc), "\uAC01");
  EXPECT_EQ(normalized("\uAC01", NormalizationForm::kNfd), "\u1100\u1161\u11A8");
}

// U+0958 composes of nothing: it is excluded from composition.
TEST(Normalize, HonoursExclusions) {
  EXPECT_EQ(normalized("\u0958", NormalizationForm::kNfc), "\u0915\u093C");
}

TEST(Normalize, NormalTextIsLeftWhereItIs) {
  const std::string text = "Plain, 月光, é";
  std::string buffer;
  EXPECT_EQ(normalizeUnicode(text, NormalizationForm::kNfc, buffer).data(), text.data());
}

TEST(Normalize, LowersCharacterByCharacter) {
  EXPECT_EQ(lowerCase("ΑΣ İ Ǆ ß"), "ασ i\u0307 ǆ ß");  // no final sigma
}

}  // namespace
}  // namespace z2
