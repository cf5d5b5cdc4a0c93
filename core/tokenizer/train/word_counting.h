#pragma once

// Counts the pre-tokens of a corpus in several threads and bounded memory.
//
// The counts do not depend on the number of threads. Words that do not fit in memory go to disk and
// come back partition by partition, still exactly counted. If then the distinct words are too many
// for merging, the rare ones are sampled (WordSample), which is reported and never silent.

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "core/base/error.h"
#include "core/tokenizer/pretokenizer.h"
#include "core/tokenizer/train/training_texts.h"
#include "core/tokenizer/train/word_list.h"

namespace z2 {

struct WordCountingOptions {
  bool normalizesNfc = false;  // documents are brought to NFC first
  size_t threads = 1;
  uint64_t maxMemory = 0;             // bytes that counting, and merging afterwards, may hold
  std::filesystem::path spillFolder;  // where words go that do not fit
  bool showsProgress = true;
  bool progressAsJson = false;
};

// Of the words seen fewer than `rarerThan` times every `everyNth` (by hash) stands for all, with
// `everyNth` times its count: sums over words keep their expectation. 1: all words are used.
struct WordSample {
  uint64_t rarerThan = 0;
  uint64_t everyNth = 1;
};

struct CountedWords {
  WordList words;
  uint64_t documents = 0;
  uint64_t bytes = 0;          // of text
  uint64_t occurrences = 0;    // of pre-tokens
  uint64_t distinctWords = 0;  // before sampling
  uint64_t spilledBytes = 0;   // that went over the disk
  WordSample sample;
};

[[nodiscard]] Result<CountedWords> countWords(TrainingTexts& texts,
                                              const Pretokenizer& pretokenizer,
                                              const WordCountingOptions& options);

}  // namespace z2
