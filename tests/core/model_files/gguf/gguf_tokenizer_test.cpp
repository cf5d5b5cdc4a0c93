#include "core/model_files/gguf/gguf_tokenizer.h"

#include <string>
#include <utility>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/model_files/gguf/spm_scores.h"
#include "tests/core/model_files/gguf/gguf_reader.h"

namespace z2 {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr int32_t kEnd = 259;

// All bytes, "ab", "abc" and an end token.
TokenizerDefinition definitionOf(std::string_view pattern) {
  BpeModel model;
  for (int byte = 0; byte < 256; ++byte)
    model.tokens.emplace_back(std::string(ByteAlphabet::character(static_cast<uint8_t>(byte))));
  model.tokens.emplace_back("ab");
  model.tokens.emplace_back("abc");
  model.merges = {{'a', 'b', 256}, {256, 'c', 257}};
  AddedToken other{.id = 258, .content = "<tool>", .isNormalized = false};
  AddedToken end{.id = kEnd, .content = "<|endoftext|>", .isNormalized = false, .isSpecial = true};
  return byteLevelDefinition(std::move(model), {other, end}, pattern);
}

Result<ReadGguf> written(const Tokenizer& tokenizer, int64_t vocabSize) {
  HfConfig config;
  config.model.vocabSize = vocabSize;
  GgufMetadata metadata;
  Z2_TRY(const auto notes, addGgufTokenizer(tokenizer, config, metadata));
  return readGguf(ggufHeader(metadata, {}));
}

Result<Json> metadataOf(TokenizerDefinition definition, int64_t vocabSize = 264) {
  Z2_TRY(const auto tokenizer, Tokenizer::create(std::move(definition)));
  Z2_TRY(const ReadGguf read, written(*tokenizer, vocabSize));
  return read.metadata;
}

TEST(GgufTokenizer, AByteLevelVocabularyIsWrittenWithItsMerges) {
  const Json metadata = metadataOf(definitionOf("gpt2")).value();
  EXPECT_EQ(metadata["tokenizer.ggml.model"], "gpt2");
  EXPECT_EQ(metadata["tokenizer.ggml.merges"], Json({"a b", "ab c"}));
  const Json& tokens = metadata["tokenizer.ggml.tokens"];
  const Json& types = metadata["tokenizer.ggml.token_type"];
  ASSERT_EQ(tokens.size(), 264U);
  EXPECT_EQ(tokens[' '], "\u0120");
  EXPECT_EQ(tokens[257], "abc");
  EXPECT_EQ(tokens[kEnd], "<|endoftext|>");
  EXPECT_EQ(tokens[260], "[PAD260]");
  EXPECT_EQ(types[257], 1);
  EXPECT_EQ(types[258], 4);
  EXPECT_EQ(types[kEnd], 3);
  EXPECT_EQ(types[260], 5);
  EXPECT_EQ(metadata["tokenizer.ggml.eos_token_id"], kEnd);
  EXPECT_EQ(metadata["tokenizer.ggml.add_bos_token"], false);
}

TEST(GgufTokenizer, EachPatternHasLlamaCppsName) {
  const auto nameOf = [](TokenizerDefinition definition) {
    return metadataOf(std::move(definition)).value()["tokenizer.ggml.pre"];
  };
  EXPECT_EQ(nameOf(definitionOf("gpt2")), "gpt-2");
  EXPECT_EQ(nameOf(definitionOf("qwen2")), "qwen2");
  EXPECT_EQ(nameOf(definitionOf("llama3")), "smaug-bpe");
  TokenizerDefinition whole = definitionOf("llama3");
  whole.model.ignoresMerges = true;
  EXPECT_EQ(nameOf(whole), "llama-bpe");
}

TEST(GgufTokenizer, APatternThatLlamaCppLacksIsRefused) {
  TokenizerDefinition definition = definitionOf("llama3");
  definition.pretokenizer[0].pattern = "[a-z]+";
  EXPECT_THAT(metadataOf(definition).error().text(), HasSubstr("none of gpt2, llama3 and qwen2"));
  definition = definitionOf("gpt2");
  definition.normalizer.push_back({.kind = NormalizerStep::Kind::kLowercase});
  EXPECT_THAT(metadataOf(definition).error().text(), HasSubstr("text is normalized"));
}

SentencePieceModel spmModel() {
  using Type = SentencePiece::Type;
  SentencePieceModel model;
  model.hasByteFallback = true;
  model.removesExtraWhitespaces = false;
  model.pieces = {
      {"<unk>", 0, Type::kUnknown}, {"<s>", 0, Type::kControl}, {"</s>", 0, Type::kControl}};
  for (int byte = 0; byte < 256; ++byte)
    model.pieces.push_back({fmt::format("<0x{:02X}>", byte), 0, Type::kByte});
  for (const char* piece : {"ab", "abc", "a", "b", "c"})
    model.pieces.push_back(
        {piece, 259.0F - static_cast<float>(model.pieces.size()), Type::kNormal});
  model.vocabSize = static_cast<int32_t>(model.pieces.size());
  return model;
}

TEST(GgufTokenizer, ASentencepieceModelKeepsItsScoresAndTypes) {
  const auto tokenizer = Tokenizer::create(spmModel()).value();
  const Json metadata = written(*tokenizer, 264).value().metadata;
  EXPECT_EQ(metadata["tokenizer.ggml.model"], "llama");
  EXPECT_EQ(metadata["tokenizer.ggml.scores"][260], -1.0F);
  EXPECT_EQ(metadata["tokenizer.ggml.token_type"][1], 3);
  EXPECT_EQ(metadata["tokenizer.ggml.token_type"][3], 6);
  EXPECT_EQ(metadata["tokenizer.ggml.bos_token_id"], 1);
  EXPECT_EQ(metadata["tokenizer.ggml.eos_token_id"], 2);
  EXPECT_EQ(metadata["tokenizer.ggml.unknown_token_id"], 0);
  EXPECT_EQ(metadata["tokenizer.ggml.add_space_prefix"], true);
}

TEST(GgufTokenizer, WithoutByteTokensLlamaCppCouldNotReadEveryText) {
  SentencePieceModel model = spmModel();
  model.hasByteFallback = false;
  const auto tokenizer = Tokenizer::create(model).value();
  EXPECT_THAT(written(*tokenizer, 264).error().text(), HasSubstr("byte_fallback"));
}

TEST(GgufTokenizer, AUnigramModelKeepsScoresAndNormalizer) {
  SentencePieceModel model = spmModel();
  model.kind = SentencePieceModel::Kind::kUnigram;
  model.hasByteFallback = false;
  model.removesExtraWhitespaces = true;
  const auto tokenizer = Tokenizer::create(model).value();
  const Json metadata = written(*tokenizer, 270).value().metadata;
  EXPECT_EQ(metadata["tokenizer.ggml.model"], "t5");
  EXPECT_EQ(metadata["tokenizer.ggml.scores"][260], -1.0F);
  // What fills up is never chosen, whatever the text spells.
  EXPECT_EQ(metadata["tokenizer.ggml.token_type"][269], 5);
  EXPECT_LT(metadata["tokenizer.ggml.scores"][269].get<float>(), -1e5F);
  EXPECT_EQ(metadata["tokenizer.ggml.add_space_prefix"], true);
  EXPECT_EQ(metadata["tokenizer.ggml.remove_extra_whitespaces"], true);
  EXPECT_EQ(metadata["tokenizer.ggml.add_eos_token"], false);
  EXPECT_FALSE(metadata.contains("tokenizer.ggml.precompiled_charsmap"));
  model.addsDummyPrefix = false;
  EXPECT_THAT(written(*Tokenizer::create(model).value(), 270).error().text(),
              HasSubstr("extra spaces"));
  model.addsDummyPrefix = true;
  model.hasByteFallback = true;
  EXPECT_THAT(written(*Tokenizer::create(model).value(), 270).error().text(),
              HasSubstr("byte_fallback"));
}

TEST(SpmScores, AreTheRanksOfTheResults) {
  BpeModel model;
  for (const char* token : {"a", "b", "c", "ab", "abc"}) model.tokens.emplace_back(token);
  model.merges = {{0, 1, 3}, {3, 2, 4}};
  EXPECT_THAT(spmScores(model).value(), ElementsAre(-3, -4, -5, -1, -2));
  // "bc" is a token, so sentencepiece would also merge a and bc.
  model.tokens.emplace_back("bc");
  model.merges.push_back({1, 2, 5});
  EXPECT_THAT(spmScores(model).error().text(), HasSubstr("\"abc\""));
  model.merges = {{0, 1, 3}, {3, 2, 4}, {0, 5, 4}, {1, 2, 5}};
  EXPECT_TRUE(spmScores(model));
}

}  // namespace
}  // namespace z2
