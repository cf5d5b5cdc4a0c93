#include "core/instruct/chat_exchange.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/instruct/retry_plan.h"

namespace z2 {
namespace {

using ::testing::HasSubstr;
using Outcome = HttpAnswer::Outcome;
using namespace std::chrono_literals;

constexpr const char* kUrl = "http://127.0.0.1:1/v1/chat/completions";

ChatOutcome judge(int status, std::string body) {
  HttpAnswer answer;
  answer.status = status;
  answer.body = std::move(body);
  return judgeAnswer(answer, kUrl, true);
}
ChatVerdict verdictOf(Outcome outcome, bool wasReached) {
  HttpAnswer answer;
  answer.outcome = outcome;
  return judgeAnswer(answer, kUrl, wasReached).verdict;
}

TEST(ChatExchange, TheBodyAndItsFurtherFields) {
  ChatOptions options{.model = "m", .temperature = 0.5};
  const Json body = parseJson(chatBody(options, "hello", 9), "body").value();
  EXPECT_EQ(body["model"], "m");
  EXPECT_EQ(body["messages"], Json::array({{{"role", "user"}, {"content", "hello"}}}));
  EXPECT_EQ(body["max_tokens"], 3072);
  EXPECT_EQ(body["seed"], 9);
  options.fields = {{"max_tokens", nullptr}, {"top_k", 4}};
  const Json other = parseJson(chatBody(options, "hello", 9), "body").value();
  EXPECT_FALSE(other.contains("max_tokens"));
  EXPECT_EQ(other["top_k"], 4);
}

TEST(ChatExchange, TakesWholeAnswers) {
  const ChatOutcome outcome =
      judge(200, R"({"choices":[{"message":{"content":"text"},"finish_reason":"length"}],)"
                 R"("usage":{"prompt_tokens":3,"completion_tokens":4}})");
  EXPECT_EQ(outcome.verdict, ChatVerdict::kTake);
  EXPECT_EQ(outcome.reply.text, "text");
  EXPECT_TRUE(outcome.reply.isCutOff);
  EXPECT_EQ(outcome.reply.promptTokens, 3);
  EXPECT_EQ(outcome.reply.completionTokens, 4);
  const ChatOutcome bare = judge(200, R"({"choices":[{"message":{"content":null}}]})");
  EXPECT_EQ(bare.verdict, ChatVerdict::kTake);
  EXPECT_FALSE(bare.reply.hasUsage);
}

TEST(ChatExchange, WhatPassesIsTriedAgain) {
  for (const char* body :
       {"", "<html>busy</html>", "[]", "{}", R"({"choices":[]})", R"({"choices":[{}]})",
        R"({"choices":[{"message":7}]})", R"({"choices":[{"message":{"content":7}}]})",
        R"({"error":{"message":"overloaded"}})"}) {
    const ChatOutcome outcome = judge(200, body);
    EXPECT_EQ(outcome.verdict, ChatVerdict::kRetry) << body;
    EXPECT_FALSE(outcome.error.what.empty());
  }
  EXPECT_THAT(judge(200, R"({"error":{"message":"overloaded"}})").error.what,
              HasSubstr("overloaded"));
  for (const int status : {408, 429, 500, 502, 503, 504, 529})
    EXPECT_EQ(judge(status, "x").verdict, ChatVerdict::kRetry) << status;
  EXPECT_TRUE(judge(429, "").isBusy);
  EXPECT_FALSE(judge(500, "").isBusy);
  EXPECT_EQ(verdictOf(Outcome::kBroken, false), ChatVerdict::kRetry);
  EXPECT_EQ(verdictOf(Outcome::kTimeout, false), ChatVerdict::kRetry);
  EXPECT_EQ(verdictOf(Outcome::kUnreachable, true), ChatVerdict::kRetry);
}

TEST(ChatExchange, WhatDoesNotPassEndsTheWork) {
  for (const int status : {302, 400, 401, 402, 403, 404, 422})
    EXPECT_EQ(judge(status, "x").verdict, ChatVerdict::kGiveUp) << status;
  EXPECT_THAT(judge(401, R"({"error":{"message":"bad key"}})").error.text(),
              testing::AllOf(HasSubstr("bad key"), HasSubstr("--key-file"), HasSubstr(kUrl)));
  EXPECT_EQ(judge(429, R"({"error":{"code":"insufficient_quota"}})").verdict, ChatVerdict::kGiveUp);
  EXPECT_EQ(verdictOf(Outcome::kUnreachable, false), ChatVerdict::kGiveUp);
  EXPECT_EQ(verdictOf(Outcome::kUntrusted, true), ChatVerdict::kGiveUp);
}

TEST(RetryPlan, WaitsDoubleWithinTheirJitterAndAreTheSameAgain) {
  const RetryOptions options{.seed = 3};
  for (int64_t failures = 1; failures < 50; ++failures) {
    const auto whole =
        std::min<int64_t>(int64_t{1000} << std::min<int64_t>(failures - 1, 20), 60'000);
    const auto wait = retryWait(options, 5, failures, 0s).count();
    EXPECT_GE(wait, whole / 2);
    EXPECT_LE(wait, whole);
    EXPECT_EQ(wait, retryWait(options, 5, failures, 0s).count());
  }
  EXPECT_NE(retryWait(options, 5, 3, 0s), retryWait(options, 6, 3, 0s));
  EXPECT_EQ(retryWait(options, 5, 1, 30s), 30s);
}

}  // namespace
}  // namespace z2
