#include "core/serve/openai_request.h"

#include <string>
#include <variant>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace z2 {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

Json parsed(const char* text) { return parseJson(text, "test").value(); }

TEST(OpenAiRequest, AChatIsReadWithTheApisDefaults) {
  const auto request = parseChatRequest(parsed(
      R"({"model":"any","messages":[{"role":"developer","content":"Be kind."},
          {"role":"user","content":[{"type":"text","text":"Hel"},{"type":"text","text":"lo"}]}],
          "user":"someone","temperature":null})"));
  ASSERT_TRUE(request) << request.error().text();
  EXPECT_THAT(request->messages,
              ElementsAre(ChatMessage{"system", "Be kind."}, ChatMessage{"user", "Hello"}));
  EXPECT_EQ(request->sampling.temperature, 1);
  EXPECT_EQ(request->sampling.topP, 1);
  EXPECT_FALSE(request->maxTokens);
  EXPECT_FALSE(request->hasSeed);
  EXPECT_EQ(request->topLogProbs, -1);
}

TEST(OpenAiRequest, EveryKnobIsRead) {
  const auto request = parseChatRequest(parsed(
      R"({"messages":[{"role":"user","content":"x"}],"temperature":0.5,"top_p":0.9,"top_k":-1,
          "min_p":0.1,"repetition_penalty":1.1,"seed":-3,"stop":"END","n":2,"stream":true,
          "stream_options":{"include_usage":true},"max_completion_tokens":7,"logprobs":true,
          "top_logprobs":3,"frequency_penalty":0.5,"presence_penalty":-1,"response_format":{"type":"text"}})"));
  ASSERT_TRUE(request) << request.error().text();
  EXPECT_EQ(request->sampling.topP, 0.9);
  EXPECT_EQ(request->sampling.topK, 0);
  EXPECT_EQ(request->sampling.minP, 0.1);
  EXPECT_EQ(request->sampling.repetitionPenalty, 1.1);
  EXPECT_EQ(request->sampling.frequencyPenalty, 0.5);
  EXPECT_EQ(request->sampling.presencePenalty, -1);
  EXPECT_EQ(request->sampling.seed, static_cast<uint64_t>(-3));
  EXPECT_TRUE(request->hasSeed);
  EXPECT_THAT(request->stops, ElementsAre("END"));
  EXPECT_EQ(request->count, 2);
  EXPECT_TRUE(request->isStream);
  EXPECT_TRUE(request->includesUsage);
  EXPECT_EQ(request->maxTokens, 7);
  EXPECT_EQ(request->topLogProbs, 3);
}

TEST(OpenAiRequest, AChatHasToolsAndTheirCalls) {
  const std::string chat =
      R"({"messages":[{"role":"user","content":"Time?"},
          {"role":"assistant","content":null,"tool_calls":[
            {"id":"c1","type":"function","function":{"name":"now","arguments":"{\"z\": 1}"}}]},
          {"role":"tool","tool_call_id":"c1","content":"12:30"}],
          "tools":[{"type":"function","function":{"name":"now","parameters":{}}}])";
  const auto request = parseChatRequest(parsed((chat + "}").c_str()));
  ASSERT_TRUE(request) << request.error().text();
  ASSERT_EQ(request->messages.size(), 3U);
  EXPECT_EQ(request->messages[1].toolCalls[0]["function"]["arguments"], Json({{"z", 1}}));
  EXPECT_EQ(request->messages[2].role, "tool");
  EXPECT_EQ(request->tools[0]["function"]["name"], "now");
  EXPECT_TRUE(
      parseChatRequest(parsed((chat + R"(,"tool_choice":"none"})").c_str()))->tools.is_null());
}

TEST(OpenAiRequest, ACompletionTakesTextsAndIds) {
  using Ids = std::vector<int32_t>;
  const auto prompts = [](const char* json) {
    return parseCompletionRequest(parsed(json)).value().prompts;
  };
  EXPECT_EQ(prompts(R"({"prompt":"a"})").size(), 1U);
  EXPECT_EQ(prompts(R"({"prompt":["a","b"]})").size(), 2U);
  EXPECT_EQ(std::get<Ids>(prompts(R"({"prompt":[1,2]})")[0]), (Ids{1, 2}));
  EXPECT_EQ(std::get<Ids>(prompts(R"({"prompt":[[1],[2,3]]})")[1]), (Ids{2, 3}));
  EXPECT_EQ(parseCompletionRequest(parsed(R"({"prompt":"a"})"))->maxTokens, 16);
  EXPECT_EQ(parseCompletionRequest(parsed(R"({"prompt":"a","logprobs":2})"))->topLogProbs, 2);
}

TEST(OpenAiRequest, WhatIsWrongNamesItsField) {
  const struct {
    const char* json;
    const char* field;
    const char* words;
  } rows[] = {
      {R"([])", "body", "JSON object"},
      {R"({"messages":[]})", "messages", "missing"},
      {R"({"messages":[{"content":"x"}]})", "messages[0]", "role"},
      {R"({"messages":[{"role":"robot","content":"x"}]})", "messages[0]", "robot"},
      {R"({"messages":[{"role":"user","content":[{"type":"image_url"}]}]})", "messages[0]",
       "no text"},
      {R"({"messages":[{"role":"user","content":"x"}],"temperature":"hot"})", "temperature",
       "number"},
      {R"({"messages":[{"role":"user","content":"x"}],"top_p":2})", "top_p", "outside"},
      {R"({"messages":[{"role":"user","content":"x"}],"n":0})", "n", "outside"},
      {R"({"messages":[{"role":"user","content":"x"}],"max_tokens":1.5})", "max_tokens",
       "whole number"},
      {R"({"messages":[{"role":"user","content":"x"}],"stop":[""]})", "stop", "text"},
      {R"({"messages":[{"role":"user","content":"x"}],"stream":"yes"})", "stream", "true or false"},
      {R"({"messages":[{"role":"user","content":"x"}],"presence_penalty":3})", "presence_penalty",
       "outside"},
      {R"({"messages":[{"role":"user","content":"x"}],"tools":[{}]})", "tools[0]", "no function"},
      {R"({"messages":[{"role":"user","content":"x"}],"tools":7})", "tools", "no list"},
      {R"({"messages":[{"role":"user","content":"x"}],"functions":[{}]})", "functions",
       "not supported"},
      {R"({"messages":[{"role":"user","content":"x"}],"tools":[{"function":{"name":"f"}}],
           "tool_choice":"required"})",
       "tool_choice", "forced"},
      {R"({"messages":[{"role":"user","content":"x"}],"top_logprobs":1})", "top_logprobs",
       "logprobs"},
  };
  for (const auto& row : rows) {
    const auto request = parseChatRequest(parsed(row.json));
    ASSERT_FALSE(request) << row.json;
    EXPECT_EQ(request.error().where, row.field) << row.json;
    EXPECT_THAT(request.error().what, HasSubstr(row.words)) << row.json;
  }
  EXPECT_EQ(parseCompletionRequest(parsed(R"({"prompt":"a","tools":[{}]})")).error().where,
            "tools");
  EXPECT_EQ(parseCompletionRequest(parsed(R"({"prompt":[]})")).error().where, "prompt");
  EXPECT_EQ(parseCompletionRequest(parsed(R"({"prompt":[1,"a"]})")).error().where, "prompt");
  EXPECT_EQ(parseCompletionRequest(parsed(R"({"prompt":"a","echo":true})")).error().where, "echo");
}

}  // namespace
}  // namespace z2
