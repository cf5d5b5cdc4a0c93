#pragma once

// The length of the longest common subsequence of one text with many, 64 words of the first a step:
// Hyyrö, "Bit-parallel LCS-length computation revisited", 2004.

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace z2 {

// One thread at a time.
class BitLcs {
 public:
  // Words of the text as numbers from 1 to `distinct`.
  BitLcs(std::span<const uint32_t> text, size_t distinct);

  // Words of the other one in the same numbering; 0 for a word that the text has not.
  [[nodiscard]] size_t length(std::span<const uint32_t> other);

 private:
  size_t size_;
  size_t blocks_;
  std::vector<uint64_t> places_;  // [distinct + 1, blocks]: where the word stands in the text
  std::vector<uint64_t> row_;
};

}  // namespace z2
