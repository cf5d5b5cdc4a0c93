// The rows of questions behind examples, with a real tokenizer.

#include "core/evaluate/multiple_choice.h"

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace z2 {
namespace {

class ChoiceRowsTest : public ::testing::Test {
 protected:
  [[nodiscard]] ChoiceRows rows(const ChoiceOptions& options) const {
    const auto made = choiceRows({question_}, options, *tokenizer_);
    EXPECT_TRUE(made) << made.error().text();
    return made.value_or(ChoiceRows());
  }
  // What is read before the choice, and the choice.
  [[nodiscard]] std::pair<std::string, std::string> texts(const ScoredRow& row) const {
    const auto cut = row.tokens.begin() + row.from;
    return {tokenizer_->decode(std::vector<int32_t>(row.tokens.begin(), cut)),
            tokenizer_->decode(std::vector<int32_t>(cut, row.tokens.end()))};
  }

  const std::shared_ptr<const Tokenizer> tokenizer_ =
      Tokenizer::open(std::filesystem::path(Z2_SOURCE_DIR) /
                      "tests/core/chat/data/tokenizers/qwen2.json")
          .value();
  const ChoiceQuestion question_ = {"The sky is", {"blue", "wide and green"}, 0};
  const std::vector<ChoiceQuestion> examples_ = {
      {"Snow is", {"white", "black"}, 0}, question_, {"Coal is", {"white", "black"}, 1}};
};

TEST_F(ChoiceRowsTest, ExamplesStandBeforeTheQuestionButNotItself) {
  const ChoiceRows made = rows({.window = 1000, .examples = examples_, .shots = 2});
  ASSERT_EQ(made.rows.size(), 2U);
  EXPECT_EQ(made.shortened, 0);
  const std::string before = "Snow is white\n\nCoal is black\n\nThe sky is";
  EXPECT_EQ(texts(made.rows[0]), std::pair(before, std::string(" blue")));
  EXPECT_EQ(texts(made.rows[1]), std::pair(before, std::string(" wide and green")));
  EXPECT_EQ(texts(rows({.window = 1000, .examples = examples_, .shots = 1}).rows[0]).first,
            "Snow is white\n\nThe sky is");
  EXPECT_EQ(texts(rows({.window = 1000, .examples = examples_}).rows[0]).first, "The sky is");
}

TEST_F(ChoiceRowsTest, TheFirstExamplesGoWhereThereIsNoRoomForTheLongestChoice) {
  const ChoiceOptions all = {.window = 1000, .examples = examples_, .shots = 2};
  ChoiceOptions narrow = all;
  narrow.window = std::ssize(rows(all).rows[1].tokens) - 1;
  const ChoiceRows made = rows(narrow);
  EXPECT_EQ(made.shortened, 1);
  // All choices of a question are asked alike.
  for (const ScoredRow& row : made.rows) EXPECT_EQ(texts(row).first, "Coal is black\n\nThe sky is");
  // A question too long by itself loses its beginning.
  narrow.window = 4;
  for (const ScoredRow& row : rows(narrow).rows) EXPECT_EQ(row.tokens.size(), 4U);
}

}  // namespace
}  // namespace z2
