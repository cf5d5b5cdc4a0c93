#include "core/chat/tool_calls.h"

#include <string>

#include <gtest/gtest.h>

namespace z2 {
namespace {

// "content [name arguments] …".
std::string read(std::string_view answer, ToolCallStyle style) {
  const CalledText made = readToolCalls(answer, style);
  std::string text = made.content;
  if (!made.calls.is_null())
    for (const Json& call : made.calls) {
      EXPECT_EQ(call.at("type"), "function");
      const Json& function = call.at("function");
      text += " [" + function.at("name").get<std::string>() + " " +
              function.at("arguments").dump() + "]";
    }
  return text;
}

TEST(ToolCalls, AreReadInEachStyle) {
  using enum ToolCallStyle;
  EXPECT_EQ(read("Let me see.\n<tool_call>\n{\"name\": \"now\", \"arguments\": {\"z\": 1}}\n"
                 "</tool_call>\n<tool_call>\n{\"name\": \"day\", \"arguments\": {}}\n</tool_call>",
                 kTagged),
            "Let me see. [now {\"z\":1}] [day {}]");
  EXPECT_EQ(read("<tool_call>{\"name\":\"now\",\"arguments\":{}}", kTagged), " [now {}]");
  EXPECT_EQ(read("[TOOL_CALLS] [{\"name\": \"now\", \"arguments\": {\"z\": [1]}, \"id\": \"x\"},"
                 "{\"name\": \"day\", \"arguments\": {}}]",
                 kListed),
            " [now {\"z\":[1]}] [day {}]");
  EXPECT_EQ(read("\n{\"name\": \"now\", \"parameters\": {\"z\": \"中\"}} ", kBare),
            " [now {\"z\":\"中\"}]");
}

TEST(ToolCalls, WhatIsNoneStaysText) {
  using enum ToolCallStyle;
  for (const char* answer :
       {"hello", "<tool_call>\nnot json\n</tool_call>", "<tool_call>{\"name\":1}</tool_call>",
        "<tool_call>{\"name\":\"f\",\"arguments\":\"x\"}</tool_call>",
        "<tool_call>{\"name\":\"f\",\"arguments\":{}}</tool_call> and more", "", "<tool_call>"})
    EXPECT_EQ(read(answer, kTagged), answer);
  for (const char* answer :
       {"[TOOL_CALLS] []", "[TOOL_CALLS] {}", "[TOOL_CALLS] [{\"name\":", "[1]"})
    EXPECT_EQ(read(answer, kListed), answer);
  for (const char* answer :
       {"{\"name\": \"f\"}", "Yes: {\"name\": \"f\", \"parameters\": {}}", "{"})
    EXPECT_EQ(read(answer, kBare), answer);
}

TEST(ToolCalls, TextIsGivenAsSoonAsItIsNoCall) {
  using enum ToolCallStyle;
  const auto given = [](std::string_view answer, ToolCallStyle style) {
    return std::string(answer.substr(0, textBeforeCalls(answer, style)));
  };
  EXPECT_EQ(given("Let me ", kTagged), "Let me");
  EXPECT_EQ(given("a < b", kTagged), "a < b");
  EXPECT_EQ(given("a <too", kTagged), "a");
  EXPECT_EQ(given("a <tool_call>\n{", kTagged), "a");
  EXPECT_EQ(given("<tool_call>", kTagged), "");
  EXPECT_EQ(given("x[TOOL", kListed), "x");
  EXPECT_EQ(given("x[TOOL]", kListed), "x[TOOL]");
  EXPECT_EQ(given(" {\"a", kBare), "");
  EXPECT_EQ(given("a {", kBare), "a {");
}

}  // namespace
}  // namespace z2
