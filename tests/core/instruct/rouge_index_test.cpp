#include "core/instruct/rouge_index.h"

#include <algorithm>
#include <random>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/instruct/bit_lcs.h"
#include "core/instruct/instruction_words.h"

namespace z2 {
namespace {

using ::testing::ElementsAre;
using Words = std::vector<std::string>;

TEST(InstructionWords, WordsOfEnglishAndCharactersOfChinese) {
  EXPECT_THAT(instructionWords("Don't stop, E.T.: call 2 homes!"),
              ElementsAre("don", "t", "stop", "e", "t", "call", "2", "homes"));
  EXPECT_THAT(instructionWords("用Python写：快速排序。"),
              ElementsAre("用", "python", "写", "快", "速", "排", "序"));
  EXPECT_THAT(instructionWords("Écrire ÇA"), ElementsAre("écrire", "ça"));
  EXPECT_TRUE(instructionWords(" …！? ").empty());
  EXPECT_EQ(instructionWords("a\xff"
                             "b")
                .size(),
            2U);
  EXPECT_EQ(languageOf(instructionWords("用Python写一段代码")), InstructionLanguage::kChinese);
  EXPECT_EQ(languageOf(instructionWords("Translate the word 龙 into English please")),
            InstructionLanguage::kEnglish);
}

// The table of the textbook.
size_t plainLcs(const Words& a, const Words& b) {
  std::vector<std::vector<size_t>> table(a.size() + 1, std::vector<size_t>(b.size() + 1));
  for (size_t i = 0; i < a.size(); ++i)
    for (size_t j = 0; j < b.size(); ++j)
      table[i + 1][j + 1] =
          a[i] == b[j] ? table[i][j] + 1 : std::max(table[i][j + 1], table[i + 1][j]);
  return table[a.size()][b.size()];
}

double plainF(const Words& a, const Words& b) {
  return 2.0 * static_cast<double>(plainLcs(a, b)) / static_cast<double>(a.size() + b.size());
}

Words draw(std::mt19937& random, size_t longest, unsigned vocabulary) {
  Words words(1 + random() % longest);
  for (std::string& word : words) word = std::to_string(random() % vocabulary);
  return words;
}

TEST(BitLcs, EqualsTheTableAlsoAcrossBlocks) {
  std::mt19937 random(1);
  for (int round = 0; round < 300; ++round) {
    const unsigned vocabulary = 2 + random() % 12;
    const Words a = draw(random, 200, vocabulary);
    const Words b = draw(random, 200, vocabulary);
    const auto numbers = [](const Words& words) {
      std::vector<uint32_t> ids;
      for (const std::string& word : words)
        ids.push_back(static_cast<uint32_t>(std::stoul(word)) + 1);
      return ids;
    };
    EXPECT_EQ(BitLcs(numbers(a), vocabulary).length(numbers(b)), plainLcs(a, b));
  }
}

TEST(RougeIndex, FindsExactlyWhatComparingWithAllFinds) {
  std::mt19937 random(2);
  for (const double threshold : {0.0, 0.3, 0.5, 0.7, 2.0 / 3, 0.9, 0.99}) {
    for (const unsigned vocabulary : {3U, 30U, 400U}) {
      RougeIndex index;
      std::vector<Words> texts;
      for (int i = 0; i < 150; ++i) {
        Words words = draw(random, 30, vocabulary);
        // Often a changed copy of an earlier one.
        if (!texts.empty() && random() % 2 == 0) {
          words = texts[random() % texts.size()];
          words[random() % words.size()] = std::to_string(random() % vocabulary);
          if (random() % 2 == 0) words.push_back("end");
        }
        double best = threshold;
        for (const Words& text : texts) best = std::max(best, plainF(words, text));
        const auto match = index.mostSimilar(words, threshold);
        ASSERT_EQ(match.has_value(), best > threshold) << "threshold " << threshold;
        if (match) {
          ASSERT_DOUBLE_EQ(match->similarity, best);
          ASSERT_DOUBLE_EQ(plainF(words, texts[match->text]), best);
        }
        EXPECT_EQ(index.add(words), texts.size());
        texts.push_back(std::move(words));
      }
    }
  }
}

TEST(RougeIndex, EqualTextsAndEmptyOnes) {
  RougeIndex index;
  EXPECT_FALSE(index.mostSimilar({"a"}, 0.5));
  index.add({});
  index.add({"a", "b", "a"});
  EXPECT_FALSE(index.mostSimilar({}, 0));
  ASSERT_TRUE(index.mostSimilar({"a", "b", "a"}, 0.99));
  EXPECT_EQ(index.mostSimilar({"a", "b", "a"}, 0.99)->text, 1U);
  EXPECT_FALSE(index.mostSimilar({"a", "b", "a"}, 1));
  EXPECT_FALSE(index.mostSimilar({"new", "words"}, 0));
}

}  // namespace
}  // namespace z2
