#pragma once

// Trains a sentencepiece model with byte fallback, BPE as Llama 2 has it or unigram, by
// sentencepiece's own trainer in the plug-in libz2_spm.so (core/tokenizer/spm_plugin), and writes
// it as a folder.
//
// The trainer runs in a child process: sentencepiece ends its process on some inputs and cannot be
// stopped. Call it before the program has threads.

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "core/base/error.h"
#include "core/tokenizer/sentencepiece_model.h"

namespace z2 {

struct SpmTrainingOptions {
  std::vector<std::filesystem::path> inputs;
  std::vector<std::string> fields;         // of JSON records; empty: "text"
  size_t vocabSize = 0;                    // <unk>, <s>, </s>, special tokens, 256 bytes, pieces
  std::vector<std::string> specialTokens;  // control symbols: text never becomes one of them
  double characterCoverage = 0.9995;
  bool isUnigram = false;        // else BPE
  size_t threads = 0;            // 0: one a core
  std::filesystem::path plugin;  // empty: libz2_spm.so beside the running program
};

struct SpmTraining {
  SentencePieceModel model;
  uint64_t documents = 0;
  uint64_t bytes = 0;
  uint64_t cutDocuments = 0;  // lines longer than sentencepiece takes, cut in pieces
  double seconds = 0;
};

// Fails with kEnvironment when the plug-in is missing or is of another version.
[[nodiscard]] Result<SpmTraining> trainSentencePiece(const SpmTrainingOptions& options);

// tokenizer.model with the tokenizer_config.json and special_tokens_map.json of a LlamaTokenizer.
[[nodiscard]] Result<void> writeSpmTokenizerFolder(const SentencePieceModel& model,
                                                   const std::filesystem::path& folder);

}  // namespace z2
