#include "tests/core/tokenizer/train/golden_cases.h"

#include "core/base/check.h"
#include "core/io/json.h"

namespace z2 {

std::vector<GoldenCase> readGoldenCases() {
  const auto read = readJsonFile(Z2_SOURCE_DIR "/tests/core/tokenizer/train/golden.json");
  Z2_CHECK(read.has_value(), "golden.json cannot be read");
  const Json& golden = *read;
  std::vector<GoldenCase> cases;
  for (const Json& row : golden["cases"]) {
    GoldenCase one;
    const auto text = row["text"].get<std::string>();
    one.text = golden["texts"][text].get<std::string>();
    one.pattern = row["pattern"].get<std::string>();
    one.vocabSize = row["vocab_size"].get<size_t>();
    one.minFrequency = row["min_frequency"].get<uint64_t>();
    one.maxTokenLength = row["max_token_length"].get<size_t>();
    one.specialTokens = row["special"].get<std::vector<std::string>>();
    one.size = row["size"].get<size_t>();
    one.vocab = row["vocab"].get<std::vector<std::string>>();
    one.merges = row["merges"].get<std::vector<std::string>>();
    one.name = text + " " + one.pattern + " " + std::to_string(one.minFrequency);
    cases.push_back(std::move(one));
  }
  return cases;
}

}  // namespace z2
