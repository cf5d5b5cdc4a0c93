// The ids and texts that `tokenizers` and `sentencepiece` gave for the same files and texts;
// tests/oracle/make_tokenizer_goldens.py writes them.

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "core/io/json.h"
#include "core/tokenizer/tokenizer.h"

namespace z2 {
namespace {

struct Golden {
  const char* file;
  const char* kind;
};

void PrintTo(const Golden& golden, std::ostream* out) { *out << golden.file << golden.kind; }

class GoldenTest : public testing::TestWithParam<Golden> {};

TEST_P(GoldenTest, IdsAndTextsAreTheLibrarys) {
  const std::filesystem::path folder =
      std::filesystem::path(Z2_SOURCE_DIR) / "tests/core/tokenizer/data";
  const auto tokenizer = Tokenizer::open(folder / GetParam().file);
  ASSERT_TRUE(tokenizer) << tokenizer.error().text();
  const std::string stem = std::filesystem::path(GetParam().file).stem();
  std::ifstream rows(folder / (stem + "." + GetParam().kind + ".jsonl"));
  EncodeOptions options;
  options.allowSpecial = std::string(GetParam().kind) == "special";
  EncodeScratch scratch;
  int count = 0;
  for (std::string line; std::getline(rows, line); ++count) {
    const Json row = parseJson(line, stem).value();
    const auto text = row["text"].get<std::string>();
    std::vector<int32_t> ids;
    ASSERT_TRUE((*tokenizer)->encode(text, options, scratch, ids));
    EXPECT_EQ(ids, row["ids"].get<std::vector<int32_t>>()) << row["text"];
    EXPECT_EQ((*tokenizer)->decode(ids), row["decoded"].get<std::string>()) << row["text"];
  }
  EXPECT_GT(count, 100);
}

INSTANTIATE_TEST_SUITE_P(
    All, GoldenTest,
    testing::Values(Golden{"gpt2_like.json", "plain"}, Golden{"gpt2_like.json", "special"},
                    Golden{"llama3_like.json", "plain"}, Golden{"llama3_like.json", "special"},
                    Golden{"qwen2_like.json", "plain"}, Golden{"qwen2_like.json", "special"},
                    Golden{"custom_regex.json", "plain"}, Golden{"custom_regex.json", "special"},
                    Golden{"llama2_like.json", "plain"}, Golden{"llama2_like.json", "special"},
                    Golden{"spm_identity.model", "plain"}, Golden{"spm_symbols.model", "plain"},
                    Golden{"unigram_bytes.model", "plain"}, Golden{"unigram_nmt.model", "plain"},
                    Golden{"unigram_symbols.model", "plain"}));

}  // namespace
}  // namespace z2
