#pragma once

// What `tokenizers` learnt from small texts: golden.json, made by
// tests/oracle/tokenizer_train_golden.py.

#include <cstdint>
#include <string>
#include <vector>

namespace z2 {

struct GoldenCase {
  std::string name;  // of the text, the pattern and the minimal frequency
  std::string text;
  std::string pattern;
  size_t vocabSize = 0;
  uint64_t minFrequency = 0;
  size_t maxTokenLength = 0;
  std::vector<std::string> specialTokens;
  size_t size = 0;                  // of the whole vocabulary
  std::vector<std::string> vocab;   // behind special tokens and bytes
  std::vector<std::string> merges;  // "left right"
};

[[nodiscard]] std::vector<GoldenCase> readGoldenCases();

}  // namespace z2
