#include "core/tokenizer/pattern_scanner.h"

#include <random>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "core/text/utf8.h"
#include "core/tokenizer/split_regex.h"

namespace z2 {
namespace {

std::string randomText(std::mt19937& random) {
  constexpr std::string_view kCommon = "abzSTREVElldm'''  \n\r\t019.,!-";
  constexpr char32_t kOdd[] = {0x17F,   0x212A, 0x85,    0xA0,    0x180E, 0x200B, 0x3000, 0xFEFF,
                               0x301,   0x2460, 0x2167,  0x4E2D,  0x6708, 0xE9,   0xBD,   0x200D,
                               0x1F600, 0x661,  0x2EBF0, 0x10D40, 0x897,  0x1C89, 0x2028, 0};
  std::string text;
  const size_t length = random() % 40;
  for (size_t i = 0; i < length; ++i) {
    if (random() % 4 != 0) {
      text += kCommon[random() % kCommon.size()];
      continue;
    }
    char32_t c = random() % 2 == 0 ? kOdd[random() % std::size(kOdd)]
                                   : static_cast<char32_t>(random() % 0x110000);
    if (c >= 0xD800 && c < 0xE000) c = 'x';
    appendUtf8(text, c);
  }
  return text;
}

class ScannerTest : public testing::TestWithParam<KnownPattern> {};

TEST_P(ScannerTest, CutsWhereTheRegularExpressionDoes) {
  const SplitRegex regex = SplitRegex::compile(regexOf(GetParam())).value();
  SplitRegex::Workspace workspace;
  std::mt19937 random(17);
  std::vector<std::string_view> pieces;
  std::vector<MatchRange> matches;
  for (int i = 0; i < 50'000; ++i) {
    const std::string text = randomText(random);
    pieces.clear();
    scanPattern(GetParam(), text, pieces);
    ASSERT_TRUE(regex.findAll(text, workspace, matches));
    ASSERT_EQ(pieces.size(), matches.size()) << text;
    for (size_t j = 0; j < pieces.size(); ++j)
      ASSERT_EQ(pieces[j],
                std::string_view(text).substr(matches[j].begin, matches[j].end - matches[j].begin))
          << text;
  }
}

INSTANTIATE_TEST_SUITE_P(All, ScannerTest,
                         testing::Values(KnownPattern::kGpt2, KnownPattern::kLlama3,
                                         KnownPattern::kQwen2));

}  // namespace
}  // namespace z2
