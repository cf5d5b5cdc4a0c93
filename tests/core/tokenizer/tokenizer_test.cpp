#include "core/tokenizer/tokenizer.h"

#include <filesystem>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "core/tokenizer/hf_json.h"

namespace z2 {
namespace {

std::shared_ptr<const Tokenizer> fixture(const std::string& name) {
  return Tokenizer::open(std::filesystem::path(Z2_SOURCE_DIR) / "tests/core/tokenizer/data" / name)
      .value();
}

std::vector<int32_t> encode(const Tokenizer& tokenizer, std::string_view text,
                            EncodeOptions options = {}) {
  EncodeScratch scratch;
  std::vector<int32_t> ids;
  EXPECT_TRUE(tokenizer.encode(text, options, scratch, ids));
  return ids;
}

TEST(Tokenizer, ByteLevelRoundTripsEveryValidText) {
  const auto tokenizer = fixture("llama3_like.json");
  std::mt19937 random(3);
  for (int i = 0; i < 2000; ++i) {
    std::string text;
    for (size_t j = random() % 30; j > 0; --j)
      text += std::vector<std::string>{
          "a", " ", "月", "\n", "'s", "7", "é", "😀", std::string(1, '\0')}[random() % 9];
    EXPECT_EQ(tokenizer->decode(encode(*tokenizer, text)), text);
  }
}

TEST(Tokenizer, BrokenBytesBecomeReplacementCharacters) {
  const auto tokenizer = fixture("gpt2_like.json");
  EXPECT_EQ(tokenizer->decode(encode(*tokenizer, "a\xFFz")), "a\uFFFDz");
}

TEST(Tokenizer, SpecialTokensNeedToBeAllowed) {
  const auto tokenizer = fixture("gpt2_like.json");
  const std::string text = "a<|endoftext|>b";
  const int32_t end = tokenizer->tokenId("<|endoftext|>").value();
  EXPECT_EQ(tokenizer->endOfTextId(), end);
  const auto plain = encode(*tokenizer, text);
  EXPECT_EQ(std::count(plain.begin(), plain.end(), end), 0);
  const auto special = encode(*tokenizer, text, {.allowSpecial = true});
  EXPECT_EQ(std::count(special.begin(), special.end(), end), 1);
  EXPECT_EQ(tokenizer->decode(plain), text);
  EXPECT_EQ(tokenizer->decode(special, true), "ab");
}

TEST(Tokenizer, BosAndEosAreAddedWhenAskedAndRefusedWhereThereAreNone) {
  const auto spm = fixture("spm_identity.model");
  const auto ids = encode(*spm, "the", {.addBos = true, .addEos = true});
  EXPECT_EQ(ids.front(), spm->bosId());
  EXPECT_EQ(ids.back(), spm->eosId());
  EncodeScratch scratch;
  std::vector<int32_t> kept = {7};
  EXPECT_FALSE(fixture("gpt2_like.json")->encode("a", {.addBos = true}, scratch, kept));
  EXPECT_EQ(kept, std::vector<int32_t>{7});
}

// Linear merging would take hours here.
TEST(Tokenizer, AMegabyteOfOneLetterEncodes) {
  const std::string text(1 << 20, 'e');
  for (const char* name : {"gpt2_like.json", "llama2_like.json", "spm_identity.model"}) {
    const auto tokenizer = fixture(name);
    EXPECT_EQ(tokenizer->decode(encode(*tokenizer, text)), text) << name;
  }
}

TEST(Tokenizer, ThreadsShareOneTokenizerAndAgree) {
  const auto tokenizer = fixture("qwen2_like.json");
  const std::string text = "The quick brown fox, 床前明月光, it's 123 e\u0301";
  const auto expected = encode(*tokenizer, text);
  std::vector<std::vector<int32_t>> results(4);
  std::vector<std::thread> threads;
  for (auto& result : results)
    threads.emplace_back([&] {
      for (int i = 0; i < 200; ++i) result = encode(*tokenizer, text);
    });
  for (auto& thread : threads) thread.join();
  for (const auto& result : results) EXPECT_EQ(result, expected);
}

TEST(Tokenizer, AScratchMayServeSeveralTokenizersInTurn) {
  const auto one = fixture("gpt2_like.json");
  const auto other = fixture("llama3_like.json");
  EncodeScratch scratch;
  for (int i = 0; i < 3; ++i) {
    for (const auto& tokenizer : {one, other}) {
      std::vector<int32_t> ids;
      ASSERT_TRUE(tokenizer->encode("the reader read the words", {}, scratch, ids));
      EXPECT_EQ(ids, encode(*tokenizer, "the reader read the words"));
    }
  }
}

TEST(Tokenizer, TokenBytesOfAByteLevelTextAreTheText) {
  const auto tokenizer = fixture("custom_regex.json");
  const std::string text = "The word 月光 é";
  std::string joined;
  for (const int32_t id : encode(*tokenizer, text)) joined += tokenizer->tokenBytes(id);
  EXPECT_EQ(joined, text);
}

TEST(Tokenizer, TheHashIsTheSha256OfTheFile) {
  EXPECT_EQ(fixture("gpt2_like.json")->hash().size(), 64U);
  EXPECT_NE(fixture("gpt2_like.json")->hash(), fixture("llama3_like.json")->hash());
}

TEST(Tokenizer, TheStudyProjectsTokenizersOpen) {
  const auto folder = std::filesystem::path(Z2_SOURCE_DIR) / "../shared/data/tokenizers";
  if (!std::filesystem::exists(folder)) GTEST_SKIP() << "shared/data is not here";
  for (const char* name : {"hf_bbpe", "sp_bbpe"}) {
    const auto tokenizer = Tokenizer::open(folder / name);
    ASSERT_TRUE(tokenizer) << tokenizer.error().text();
    EXPECT_EQ((*tokenizer)->vocabSize(), 64000);
    const std::string text = "Hello, world! 床前明月光 123";
    EXPECT_EQ((*tokenizer)->decode(encode(**tokenizer, text)), text);
  }
}

}  // namespace
}  // namespace z2
