#include "core/tokenizer/split_regex.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace z2 {
namespace {

TEST(SplitRegex, TranslatesWhatTheEnginesSpellDifferently) {
  EXPECT_EQ(translateOniguruma("\\u4e00").value(), "\\x{4e00}");
  EXPECT_EQ(translateOniguruma("[\\h]").value(), "[0-9a-fA-F]");
  EXPECT_EQ(translateOniguruma("\\p{N}{1,3}").value(), "\\p{N}{1,3}");
  EXPECT_EQ(translateOniguruma("a{,2}").value(), "a{0,2}");
}

TEST(SplitRegex, RefusesWhatItCannotTranslate) {
  for (const char* pattern :
       {"[a&&b]", "[[a]]", "\\b", "(?m:.)", "a{1,2}+", "a(?i)b", "\\", "[a", "(*UTF)a", "\\u12"})
    EXPECT_FALSE(translateOniguruma(pattern)) << pattern;
  EXPECT_FALSE(SplitRegex::compile("(a"));
}

TEST(SplitRegex, AnEmptyMatchStepsOn) {
  const SplitRegex regex = SplitRegex::compile("x*").value();
  SplitRegex::Workspace workspace;
  std::vector<MatchRange> matches;
  ASSERT_TRUE(regex.findAll("月x", workspace, matches));
  ASSERT_EQ(matches.size(), 3U);
  EXPECT_EQ(matches[1].begin, 3U);
  EXPECT_EQ(matches[1].end, 4U);
}

TEST(SplitRegex, ARunawayPatternIsAnErrorAndNotAHang) {
  const SplitRegex regex = SplitRegex::compile("(?:a|aa)+[bd]").value();
  SplitRegex::Workspace workspace;
  std::vector<MatchRange> matches;
  std::string text(200, 'a');
  text += 'c';
  EXPECT_FALSE(regex.findAll(text, workspace, matches));
}

}  // namespace
}  // namespace z2
