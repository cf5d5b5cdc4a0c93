#pragma once

// Trains a byte-level BPE tokenizer on files, with the result of the Hugging Face library
// `tokenizers` (bpe_merging.h says exactly which) in a fraction of its time and memory.
//
// Phases: reading (documents to counted pre-tokens, in threads), counting (only when words went
// over the disk), merging. Every phase shows its progress, and ends with kInterrupted soon after a
// stop was requested. Nothing but nameless temporary files is written.

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "core/base/error.h"
#include "core/tokenizer/tokenizer_definition.h"
#include "core/tokenizer/train/word_counting.h"

namespace z2 {

struct BpeTrainingOptions {
  std::vector<std::filesystem::path> inputs;
  std::vector<std::string> fields;  // of JSON records; empty: "text"
  size_t vocabSize = 0;             // special tokens, 256 bytes, merges
  std::string pattern = "gpt2";     // kPatternNames; "qwen2" brings text to NFC first
  std::vector<std::string> specialTokens;
  uint64_t minFrequency = 0;  // of a pair, to merge
  size_t maxTokenLength = 0;  // bytes, strictly less; 0: no limit
  size_t threads = 0;         // 0: one a core
  uint64_t maxMemory = 0;     // bytes; 0: three quarters of what is free
  std::filesystem::path spillFolder;
  bool showsProgress = true;
  bool progressAsJson = false;
};

struct BpeTraining {
  TokenizerDefinition definition;
  CountedWords counted;  // without its words
  double countingSeconds = 0;
  double mergingSeconds = 0;
};

[[nodiscard]] Result<BpeTraining> trainByteLevelBpe(const BpeTrainingOptions& options);

// What this machine can give to one process now, in bytes.
[[nodiscard]] uint64_t availableMemory();

}  // namespace z2
