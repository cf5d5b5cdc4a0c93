#include "core/tokenizer/sentencepiece_model.h"

#include <filesystem>
#include <sstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "core/io/files.h"
#include "core/io/json.h"
#include "core/tokenizer/tokenizer.h"

namespace z2 {
namespace {

std::string fixture() {
  return readFile(std::filesystem::path(Z2_SOURCE_DIR) /
                  "tests/core/tokenizer/data/spm_symbols.model")
      .value();
}

TEST(SentencePieceModel, WhatIsWrittenReadsTheSame) {
  const SentencePieceModel model = parseSentencePieceModel(fixture(), "fixture").value();
  const std::string written = writeSentencePieceModel(model);
  const SentencePieceModel again = parseSentencePieceModel(written, "again").value();
  EXPECT_EQ(writeSentencePieceModel(again), written);
  ASSERT_EQ(again.pieces.size(), model.pieces.size());
  for (size_t i = 0; i < model.pieces.size(); ++i) {
    EXPECT_EQ(again.pieces[i].piece, model.pieces[i].piece);
    EXPECT_EQ(again.pieces[i].score, model.pieces[i].score);
    EXPECT_EQ(again.pieces[i].type, model.pieces[i].type);
  }
  EXPECT_EQ(again.hasByteFallback, model.hasByteFallback);
  EXPECT_EQ(again.normalizerName, "identity");
}

TEST(SentencePieceModel, ATruncatedFileNeverReadsPastItsEnd) {
  const std::string bytes = fixture();
  for (size_t size = 0; size < bytes.size(); size += 7) {
    const auto model = parseSentencePieceModel(std::string_view(bytes).substr(0, size), "cut");
    if (!model) continue;
    // What was read whole is a prefix of the pieces; a tokenizer of it is made or refused.
    EXPECT_LE(model->pieces.size(), 300U);
    (void)Tokenizer::create(*model);
  }
}

TEST(SentencePieceModel, ALengthBeyondTheFileIsRefused) {
  const auto model = parseSentencePieceModel("\x0A\xFF\xFF\xFF\xFF\x0F", "lie");
  ASSERT_FALSE(model);
  EXPECT_EQ(model.error().code, ErrorCode::kCorrupt);
}

TEST(SentencePieceModel, TheHuggingFaceFormGivesTheSameIds) {
  const auto folder = std::filesystem::path(Z2_SOURCE_DIR) / "tests/core/tokenizer/data";
  const auto original = Tokenizer::open(folder / "spm_identity.model").value();
  const auto made = Tokenizer::create(toHfDefinition(*original->sentencePiece()).value()).value();
  EncodeScratch one;
  EncodeScratch other;
  int count = 0;
  const std::string rows = readFile(folder / "spm_identity.plain.jsonl").value();
  std::istringstream lines(rows);
  for (std::string line; std::getline(lines, line); ++count) {
    const auto text = parseJson(line, "row").value()["text"].get<std::string>();
    std::vector<int32_t> expected;
    std::vector<int32_t> ids;
    ASSERT_TRUE(original->encode(text, {}, one, expected));
    ASSERT_TRUE(made->encode(text, {}, other, ids));
    EXPECT_EQ(ids, expected) << text;
    EXPECT_EQ(made->decode(ids), original->decode(expected)) << text;
  }
  EXPECT_GT(count, 100);
}

TEST(SentencePieceModel, AUserDefinedSymbolHasNoHuggingFaceForm) {
  EXPECT_FALSE(toHfDefinition(parseSentencePieceModel(fixture(), "fixture").value()));
}

TEST(SentencePieceModel, AModelOfAnotherKindIsRefusedByName) {
  SentencePieceModel model = parseSentencePieceModel(fixture(), "fixture").value();
  model.kind = SentencePieceModel::Kind::kWord;
  const auto made = Tokenizer::create(model);
  ASSERT_FALSE(made);
  EXPECT_NE(made.error().what.find("word"), std::string::npos);
}

}  // namespace
}  // namespace z2
