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
