#include "core/serve/answer_stream.h"

#include <string>
#include <utility>

#include <gtest/gtest.h>

#include "core/serve/openai_reply.h"

namespace z2 {
namespace {

std::shared_ptr<const Tokenizer> byteTokenizer() {
  BpeModel model;
  for (int byte = 0; byte < 256; ++byte)
    model.tokens.emplace_back(std::string(ByteAlphabet::character(static_cast<uint8_t>(byte))));
  return Tokenizer::create(byteLevelDefinition(std::move(model), {}, "gpt2")).value();
}

ServedToken token(char byte) {
  return {.id = static_cast<uint8_t>(byte), .logProb = -0.5, .top = {{'a', -0.25}}};
}

TEST(AnswerStream, AChatsFirstSpacesAreDropped) {
  AnswerStream stream(byteTokenizer(), {}, false, true);
  EXPECT_TRUE(stream.push(token(' ')).isEmpty());
  EXPECT_EQ(stream.push(token('a')).text, "a");
  EXPECT_EQ(stream.push(token(' ')).text, " ");
  (void)stream.finish("length");
  EXPECT_EQ(stream.text(), "a ");
  EXPECT_EQ(stream.finishReason(), "length");
  EXPECT_TRUE(stream.logProbs().is_null());
}

TEST(AnswerStream, AStopTextEndsWithStop) {
  AnswerStream stream(byteTokenizer(), {"END"}, false, false);
  for (const char byte : std::string(" xEND")) (void)stream.push(token(byte));
  EXPECT_TRUE(stream.hasStopped());
  (void)stream.finish("interrupted");
  EXPECT_EQ(stream.text(), " x");
  EXPECT_EQ(stream.finishReason(), "stop");
}

TEST(AnswerStream, ProbabilitiesGoWithTheTextTheyBelongTo) {
  AnswerStream stream(byteTokenizer(), {}, true, true);
  const std::string han = "中";
  EXPECT_TRUE(stream.push(token(han[0])).isEmpty());
  EXPECT_TRUE(stream.push(token(han[1])).isEmpty());
  const AnswerStream::Piece piece = stream.push(token(han[2]));
  EXPECT_EQ(piece.text, han);
  ASSERT_EQ(piece.logProbs["content"].size(), 3U);
  const Json& entry = piece.logProbs["content"][0];
  EXPECT_EQ(entry["bytes"], Json({0xE4}));
  EXPECT_EQ(entry["logprob"], -0.5);
  EXPECT_EQ(entry["top_logprobs"][0]["token"], "a");
}

TEST(AnswerStream, ACompletionsProbabilitiesKnowTheirPlace) {
  AnswerStream stream(byteTokenizer(), {}, true, false);
  EXPECT_EQ(stream.push(token('x')).logProbs["text_offset"], Json({0}));
  const Json second = stream.push(token('y')).logProbs;
  EXPECT_EQ(second["text_offset"], Json({1}));
  EXPECT_EQ(second["tokens"], Json({"y"}));
  EXPECT_EQ(second["top_logprobs"], Json::array({{{"a", -0.25}}}));
  EXPECT_EQ(stream.logProbs()["text_offset"], Json({0, 1}));
}

TEST(AnswerStream, CallsAreHeldBackAndGivenAtTheEnd) {
  AnswerStream stream(byteTokenizer(), {}, false, true,
                      AnswerStream::Calls{ToolCallStyle::kTagged, {}, "one"});
  std::string given;
  for (const char byte : std::string("I look. <tool_call>{\"name\":\"now\",\"arguments\":{\"z\":1}}"
                                     "</tool_call>"))
    given += stream.push(token(byte)).text;
  EXPECT_EQ(given, "I look.");
  EXPECT_TRUE(stream.finish("stop").text.empty());
  EXPECT_EQ(stream.finishReason(), "tool_calls");
  ASSERT_EQ(stream.toolCalls().size(), 1U);
  const Json& call = stream.toolCalls()[0];
  EXPECT_EQ(call["id"].get<std::string>().size(), 9U);
  EXPECT_EQ(call["function"]["name"], "now");
  EXPECT_EQ(parseJson(call["function"]["arguments"].get<std::string>(), "").value()["z"], 1);

  const ReplyHead head{.id = "x", .model = "m", .isChat = true};
  const Json chunk = callsChunk(head, 0, stream.toolCalls());
  EXPECT_EQ(chunk["choices"][0]["delta"]["tool_calls"][0]["index"], 0);
  const Json whole = wholeReply(
      head, {{.text = "", .finishReason = "tool_calls", .toolCalls = stream.toolCalls()}}, {});
  EXPECT_TRUE(whole["choices"][0]["message"]["content"].is_null());
  EXPECT_EQ(whole["choices"][0]["message"]["tool_calls"], stream.toolCalls());
}

TEST(AnswerStream, WhatLooksLikeACallAndIsNoneStaysText) {
  AnswerStream stream(byteTokenizer(), {}, false, true,
                      AnswerStream::Calls{ToolCallStyle::kTagged, {}, "one"});
  std::string given;
  const std::string text = "a <b> <tool_call>{\"name\":";
  for (const char byte : text) given += stream.push(token(byte)).text;
  EXPECT_EQ(given, "a <b>");
  given += stream.finish("length").text;
  EXPECT_EQ(given, text);
  EXPECT_EQ(stream.text(), text);
  EXPECT_EQ(stream.finishReason(), "length");
  EXPECT_TRUE(stream.toolCalls().is_null());
}

TEST(OpenAiReply, ErrorsHaveTheApisForm) {
  Error error = badInput("prompt", "it is missing").value();
  const Json reply = errorReply(error);
  EXPECT_EQ(reply["error"]["message"], "prompt: it is missing");
  EXPECT_EQ(reply["error"]["type"], "invalid_request_error");
  EXPECT_EQ(reply["error"]["param"], "prompt");
  EXPECT_EQ(httpStatus(error), 400);
  error.code = ErrorCode::kCorrupt;
  EXPECT_EQ(errorReply(error)["error"]["type"], "server_error");
  EXPECT_EQ(httpStatus(error), 500);
}

}  // namespace
}  // namespace z2
