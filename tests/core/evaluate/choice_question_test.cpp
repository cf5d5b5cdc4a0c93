#include "core/evaluate/choice_question.h"

#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace z2 {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

ChoiceQuestion parsed(std::string_view line) {
  const auto question = parseChoiceQuestion(line, "set.jsonl:1");
  EXPECT_TRUE(question) << question.error().text();
  return question.value_or(ChoiceQuestion{});
}

TEST(ChoiceQuestion, EverySetsFieldsAreRead) {
  for (const char* line : {
           R"({"question":"Q","choices":["x","y"],"answer":"B"})",
           R"({"question":"Q","choices":["x","y"],"answer":1})",
           R"({"question":"Q","A":"x","B":"y","answer":"B","explanation":"…"})",
           R"({"ctx":"Q","endings":["x","y"],"label":"1"})",
           R"({"question":"Q","choices":{"text":["x","y"],"label":["1","2"]},"answerKey":"2"})",
       }) {
    const ChoiceQuestion question = parsed(line);
    EXPECT_EQ(question.question, "Q") << line;
    EXPECT_THAT(question.choices, ElementsAre("x", "y")) << line;
    EXPECT_EQ(question.answer, 1U) << line;
  }
}

TEST(ChoiceQuestion, WhatIsMissingIsSaid) {
  const struct {
    const char* line;
    const char* words;
  } rows[] = {
      {R"([])", "no JSON object"},
      {R"({"choices":["x","y"],"answer":"B"})", "no text \"question\""},
      {R"({"question":"Q","choices":["x"],"answer":"A"})", "2 to 26"},
      {R"({"question":"Q","choices":["x",2],"answer":"A"})", "2 to 26"},
      {R"({"question":"Q","choices":["x","y"]})", "no \"answer\""},
      {R"({"question":"Q","choices":["x","y"],"answer":"C"})", "\"C\" is none of the choices"},
      {R"({"question":"Q","choices":["x","y"],"answer":2})", "2 is none of the choices"},
      {R"({"question":"Q","choices":["x","y"],"answer":-1})", "-1 is none of the choices"},
  };
  for (const auto& row : rows) {
    const auto question = parseChoiceQuestion(row.line, "set.jsonl:7");
    ASSERT_FALSE(question) << row.line;
    EXPECT_THAT(question.error().text(), HasSubstr(row.words));
    EXPECT_THAT(question.error().text(), HasSubstr("set.jsonl:7"));
  }
}

TEST(ChoicePrompt, TextPutsEachChoiceAfterTheQuestion) {
  ChoicePrompt prompt = makeChoicePrompt({"The sky is", {"blue", "green"}, 0}, ChoiceFormat::kText);
  EXPECT_EQ(prompt.context, "The sky is");
  EXPECT_THAT(prompt.continuations, ElementsAre(" blue", " green"));
  prompt = makeChoicePrompt({"天空是", {"蓝色的", "绿色的"}, 0}, ChoiceFormat::kText);
  EXPECT_THAT(prompt.continuations, ElementsAre("蓝色的", "绿色的"));
}

TEST(ChoicePrompt, LetterShowsAllChoices) {
  ChoicePrompt prompt = makeChoicePrompt({"What?", {"this", "that"}, 0}, ChoiceFormat::kLetter);
  EXPECT_EQ(prompt.context, "What?\nA. this\nB. that\nAnswer:");
  EXPECT_THAT(prompt.continuations, ElementsAre(" A", " B"));
  prompt = makeChoicePrompt({"哪个？", {"这", "那"}, 0}, ChoiceFormat::kLetter);
  EXPECT_EQ(prompt.context, "哪个？\nA. 这\nB. 那\n答案：");
  EXPECT_THAT(prompt.continuations, ElementsAre("A", "B"));
}

TEST(ChoicePrompt, AnExampleIsSolved) {
  EXPECT_EQ(makeChoiceExample({"The sky is", {"green", "blue"}, 1}, ChoiceFormat::kText),
            "The sky is blue\n\n");
  EXPECT_EQ(makeChoiceExample({"What?", {"this", "that"}, 1}, ChoiceFormat::kLetter),
            "What?\nA. this\nB. that\nAnswer: B\n\n");
  EXPECT_EQ(makeChoiceExample({"哪个？", {"这", "那"}, 0}, ChoiceFormat::kLetter),
            "哪个？\nA. 这\nB. 那\n答案：A\n\n");
}

}  // namespace
}  // namespace z2
