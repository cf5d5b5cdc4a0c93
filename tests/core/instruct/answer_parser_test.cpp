#include "core/instruct/answer_parser.h"

#include <gtest/gtest.h>

#include "core/instruct/task_prompt.h"

namespace z2 {
namespace {

std::string written(std::string_view answer, bool isCutOff = false) {
  std::string text;
  for (const auto& [task, isPart] : parseTasks(answer, isCutOff))
    text +=
        "{" + task.instruction + "|" + task.input + "|" + task.output + "}" + (isPart ? "…" : "");
  return text;
}

TEST(AnswerParser, TheFormOfThePromptInBothLanguages) {
  EXPECT_EQ(written("[Task 4]\nInstruction: Add up.\nInput: 1 and 2\nOutput: 3\n\n"
                    "[Task 5]\nInstruction: Say hi.\nInput: (none)\nOutput:\nHi.\n\nThere.\n"),
            "{Add up.|1 and 2|3}{Say hi.||Hi.\n\nThere.}");
  EXPECT_EQ(written("【任务 4】\n指令：求和。\n输入：1 和 2\n输出：3\n\n"
                    "【任务 5】\n指令：问好。\n输入：（无）\n输出：\n你好。\n"),
            "{求和。|1 和 2|3}{问好。||你好。}");
}

TEST(AnswerParser, WhatThePromptShowsIsReadBack) {
  const std::vector<InstructionTask> tasks = {
      {"Say what this code does.", "for (;;) {\n  Input: x\n}", "It loops.\n\nOutput: nothing"},
      {"Name a colour.", "", "Blue"}};
  for (const auto language : {InstructionLanguage::kEnglish, InstructionLanguage::kChinese}) {
    const std::string prompt = makeTaskPrompt(tasks, 5, language);
    const auto found = parseTasks(
        prompt.substr(prompt.rfind(language == InstructionLanguage::kEnglish ? "\n\n[Task 1]"
                                                                             : "\n\n【任务 1】")),
        false);
    ASSERT_EQ(found.size(), 2U);
    EXPECT_EQ(found[0].task.instruction, tasks[0].instruction);
    EXPECT_EQ(found[0].task.input, tasks[0].input);
    EXPECT_EQ(found[0].task.output, tasks[0].output);
    EXPECT_EQ(found[1].task.input, "");
  }
}

TEST(AnswerParser, LibertiesThatModelsTake) {
  EXPECT_EQ(written("Sure! Here they are:\n\n**Task 1**\n**Instruction:** Do it.\n**Input:** N/A\n"
                    "**Output:** Done.\n\n### Task 2\n### Instruction:\nAgain.\n### Output:\nYes."),
            "{Do it.||Done.}{Again.||Yes.}");
  EXPECT_EQ(written("1. Instruction: A b c\n1. Input:\n<noinput>\n1. Output: d\n"
                    "2. Instruction: E f g\n2. Input: h\n2. Output: i"),
            "{A b c||d}{E f g|h|i}");
  EXPECT_EQ(written("Instruction: 写诗\r\nInput: 无\r\nOutput: 好\r\n"), "{写诗||好}");
  EXPECT_EQ(written("<think>Instruction: no\nOutput: no</think>\nInstruction: a\nOutput: b"),
            "{a||b}");
  EXPECT_EQ(written("<think>Instruction: never ended\nOutput: x"), "");
}

TEST(AnswerParser, AnAnswerMaySpeakOfTasksAndLabels) {
  EXPECT_EQ(written("[Task 1]\nInstruction: Plan.\nOutput:\nTask 1:\nrest\nInput: x\n"
                    "Instruction: y\n[Task 2]\nInstruction: Z\nOutput: w"),
            "{Plan.||Task 1:\nrest\nInput: x\nInstruction: y}{Z||w}");
}

TEST(AnswerParser, Json) {
  EXPECT_EQ(written(R"([{"instruction":"a","input":"","output":"b"},
                        {"instruction":"c","input":"none","output":["d",1]}])"),
            "{a||b}{c||[\"d\",1]}");
  EXPECT_EQ(written("```json\n{\"tasks\":[{\"instruction\":\"a\",\"output\":\"b\"}]}\n```"),
            "{a||b}");
  EXPECT_EQ(written("{\"instruction\":\"a\",\"input\":null,\"output\":\"b\"}\n{\"instruction\":\"c",
                    true),
            "{a||b}{||}…");
}

TEST(AnswerParser, PartsThatAreMissingAndAnswersThatWereCutOff) {
  EXPECT_EQ(written("[Task 1]\nInstruction: a\nInput: b\n[Task 2]\nOutput: c"), "{a|b|}");
  EXPECT_EQ(written("[Task 1]\nInstruction: a\nOutput: b\n[Task 2]\nInstruction: c", true),
            "{a||b}{c||}…");
  EXPECT_EQ(written("[Task 1]\nInstruction: a\nOutput: b\n[Task 2]\n", true), "{a||b}");
  for (const char* none : {"", "I am sorry, I cannot.", "[", "{", "[Task 1]", "Instruction:"})
    EXPECT_EQ(written(none), "") << none;
}

}  // namespace
}  // namespace z2
