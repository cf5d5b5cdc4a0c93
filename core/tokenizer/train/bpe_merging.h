#pragma once

// The merge loop of byte-level BPE training on counted words.
//
// Guarantee: the vocabulary and the merges are those of `BpeTrainer` of the Hugging Face library
// `tokenizers` with `ByteLevel.alphabet()` as the initial alphabet, where that library's 32-bit
// counts do not overflow (here they are 64-bit):
// * ids: special tokens in the given order (a repeated one once), then the 256 characters of the
//   byte alphabet by code point, then a new id a merge;
// * the most frequent pair merges first, ties go to the smallest pair of ids;
// * a merge whose text already is a token reuses its id, so the vocabulary does not grow;
// * merging ends at the vocabulary size, or when the best pair is rarer than `minFrequency`, or
//   when no pair is left;
// * the positions of a pair that forms again later (only reused ids do that) are merged apart, as
//   there; of two equal merges the later rank stays.
// The order of the words has no influence on the result.

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "core/base/error.h"
#include "core/tokenizer/bpe_model.h"
#include "core/tokenizer/train/word_list.h"

namespace z2 {

struct BpeMergingOptions {
  size_t vocabSize = 0;
  uint64_t minFrequency = 0;
  size_t maxTokenLength = 0;  // pairs at least this long, in bytes, do not form; 0: no limit
  std::vector<std::string> specialTokens;
  bool showsProgress = true;
  bool progressAsJson = false;
};

// Fails only with kInterrupted, when a stop was requested.
[[nodiscard]] Result<BpeModel> mergeWords(WordList words, const BpeMergingOptions& options);

// An upper estimate of what merging so many words of so many bytes in all holds in memory.
[[nodiscard]] uint64_t mergingMemory(uint64_t words, uint64_t bytes);

}  // namespace z2
