#include "core/generate/text_stream.h"

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "core/tokenizer/hf_json.h"

namespace z2 {
namespace {

// A byte-level tokenizer without merges: token b + 1 is the byte b, token 0 is special.
std::shared_ptr<const Tokenizer> byteTokenizer() {
  TokenizerDefinition definition;
  const auto parsed = parseHfTokenizer(
      R"({"added_tokens":[{"id":0,"content":"<|endoftext|>","special":true,"single_word":false,)"
      R"("lstrip":false,"rstrip":false,"normalized":false}],)"
      R"("pre_tokenizer":{"type":"ByteLevel","add_prefix_space":false,"use_regex":false},)"
      R"("decoder":{"type":"ByteLevel"},"model":{"type":"BPE","vocab":{"<|endoftext|>":0},)"
      R"("merges":[]}})",
      "test");
  EXPECT_TRUE(parsed) << parsed.error().text();
  definition = *parsed;
  for (int byte = 0; byte < 256; ++byte)
    definition.model.tokens.emplace_back(ByteAlphabet::character(static_cast<uint8_t>(byte)));
  return Tokenizer::create(std::move(definition)).value();
}

// What each byte of `text` gives out, "|" after each, then the end.
std::string steps(TextStream& stream, std::string_view text) {
  std::string given;
  for (const char c : text) given += stream.push(static_cast<uint8_t>(c) + 1) + "|";
  return given + stream.finish();
}

TEST(TextStream, HoldsBackUnfinishedCharacters) {
  TextStream stream(byteTokenizer());
  EXPECT_EQ(steps(stream, "a你b😀"), "a|||你|b||||😀|");
  EXPECT_EQ(stream.text(), "a你b😀");
}

TEST(TextStream, SpecialTokensAreSilentUnlessShown) {
  TextStream silent(byteTokenizer());
  EXPECT_EQ(silent.push(0), "");
  TextStream showing(byteTokenizer(), {}, {0});
  EXPECT_EQ(showing.push(0), "<|endoftext|>");
}

TEST(TextStream, BrokenBytesBecomeReplacementCharacters) {
  TextStream alone(byteTokenizer());
  EXPECT_EQ(steps(alone, "a\x80z"), "a|\uFFFD|z|");
  TextStream cutOff(byteTokenizer());
  EXPECT_EQ(steps(cutOff, "a\xE4\xBD"), "a|||\uFFFD");
  TextStream interrupted(byteTokenizer());
  EXPECT_EQ(steps(interrupted, "\xE4\xBDz"), "||\uFFFDz|");
}

TEST(TextStream, SpecialTokensGiveNothing) {
  TextStream stream(byteTokenizer());
  EXPECT_EQ(stream.push(0), "");
  EXPECT_EQ(stream.push('x' + 1), "x");
  EXPECT_EQ(stream.push(0), "");
}

TEST(TextStream, EndsBeforeAStopText) {
  TextStream stream(byteTokenizer(), {"\nUser:"});
  EXPECT_EQ(steps(stream, "yes\nUser: what"), "y|e|s||||||||||||");
  EXPECT_TRUE(stream.hasStopped());
  EXPECT_EQ(stream.text(), "yes");
}

TEST(TextStream, GivesOutWhatOnlyLookedLikeAStop) {
  TextStream stream(byteTokenizer(), {"\nUser:"});
  EXPECT_EQ(steps(stream, "a\nUs\n\nUse"), "a||||\nUs|\n||||\nUse");
  EXPECT_FALSE(stream.hasStopped());
}

}  // namespace
}  // namespace z2
