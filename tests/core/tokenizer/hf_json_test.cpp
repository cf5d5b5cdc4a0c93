#include "core/tokenizer/hf_json.h"

#include <filesystem>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "core/io/files.h"
#include "core/tokenizer/tokenizer.h"
#include "tests/support/temporary_folder.h"

namespace z2 {
namespace {

constexpr const char* kFixtures[] = {"gpt2_like.json", "llama3_like.json", "qwen2_like.json",
                                     "custom_regex.json", "llama2_like.json"};

std::string fixture(const std::string& name) {
  return readFile(std::filesystem::path(Z2_SOURCE_DIR) / "tests/core/tokenizer/data" / name)
      .value();
}

std::string model(const std::string& more, const std::string& pipeline = "") {
  return R"({"model":{"type":"BPE","vocab":{"a":0,"b":1,"ab":2},"merges":["a b"])" + more + "}" +
         pipeline + "}";
}

TEST(HfJson, WhatIsWrittenReadsTheSame) {
  for (const char* name : kFixtures) {
    const TokenizerDefinition definition = parseHfTokenizer(fixture(name), name).value();
    const std::string written = writeHfTokenizer(definition);
    const TokenizerDefinition again = parseHfTokenizer(written, name).value();
    EXPECT_EQ(writeHfTokenizer(again), written) << name;
    EXPECT_EQ(again.model.tokens, definition.model.tokens) << name;
    EXPECT_EQ(again.model.merges, definition.model.merges) << name;
    EXPECT_EQ(again.addedTokens.size(), definition.addedTokens.size()) << name;
  }
}

TEST(HfJson, BothSpellingsOfMergesAreRead) {
  const std::string pairs = R"({"model":{"vocab":{"a":0,"b":1,"ab":2},"merges":[["a","b"]]}})";
  const auto one = parseHfTokenizer(model(""), "old").value();
  const auto other = parseHfTokenizer(pairs, "new").value();
  EXPECT_EQ(one.model.merges, other.model.merges);
  EXPECT_TRUE(other.model.writesMergesAsPairs);
}

TEST(HfJson, UnsupportedPartsAreNamed) {
  const std::pair<std::string, std::string> cases[] = {
      {R"({"model":{"type":"WordPiece","vocab":{}}})", "WordPiece"},
      {model(R"(,"dropout":0.1)"), "dropout"},
      {model("", R"(,"normalizer":{"type":"BertNormalizer"})"), "BertNormalizer"},
      {model("", R"(,"pre_tokenizer":{"type":"UnicodeScripts"})"), "UnicodeScripts"},
      {model("", R"(,"decoder":{"type":"CTC"})"), "CTC"}};
  for (const auto& [text, name] : cases) {
    const auto parsed = parseHfTokenizer(text, "file");
    ASSERT_FALSE(parsed) << text;
    EXPECT_NE(parsed.error().text().find(name), std::string::npos) << parsed.error().text();
  }
}

TEST(HfJson, BrokenFilesAreRefusedWithTheirPlace) {
  for (const char* text :
       {"", "[]", "{", R"({"model":null})", R"({"model":{"vocab":{"a":-1},"merges":[]}})",
        R"({"model":{"vocab":{"a":0,"b":0},"merges":[]}})",
        R"({"model":{"vocab":{"a":3000000},"merges":[]}})",
        R"({"model":{"vocab":{"a":0},"merges":["a b"]}})",
        R"({"model":{"vocab":{"a":0},"merges":["a"]}})",
        R"({"model":{"vocab":{"a":0},"merges":[7]}})"}) {
    const auto parsed = parseHfTokenizer(text, "file");
    ASSERT_FALSE(parsed) << text;
    EXPECT_EQ(parsed.error().where.substr(0, 4), "file") << parsed.error().text();
  }
}

TEST(HfJson, AFolderIsWrittenAndOpened) {
  const TemporaryFolder folder;
  TokenizerDefinition definition = parseHfTokenizer(fixture("qwen2_like.json"), "fixture").value();
  definition.eosToken = "<|endoftext|>";
  ASSERT_TRUE(writeHfTokenizerFolder(definition, folder.path() / "made"));
  const auto tokenizer = Tokenizer::open(folder.path() / "made");
  ASSERT_TRUE(tokenizer) << tokenizer.error().text();
  EXPECT_EQ((*tokenizer)->endOfTextId(), (*tokenizer)->tokenId("<|endoftext|>"));
  EXPECT_EQ((*tokenizer)->type(), "bbpe");
}

}  // namespace
}  // namespace z2
