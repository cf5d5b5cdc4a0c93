#pragma once

// How long the documents of a token file are.

#include <array>
#include <bit>
#include <cstdint>
#include <vector>

#include "core/data/token_index.h"

namespace z2 {

// Documents of `from` … `to` tokens, both included.
struct LengthBucket {
  uint64_t from = 0;
  uint64_t to = 0;
  uint64_t documents = 0;
};

// Counts lengths as they come.
class LengthHistogram {
 public:
  void add(uint64_t length) { ++counts_[static_cast<size_t>(std::bit_width(length))]; }
  // They double in width (0, 1, 2 … 3, 4 … 7, …); without the empty ones at both ends.
  [[nodiscard]] std::vector<LengthBucket> buckets() const;

 private:
  std::array<uint64_t, 65> counts_{};
};

// Of all documents of a token file. O(documents).
[[nodiscard]] std::vector<LengthBucket> lengthHistogram(const TokenIndex& index);

}  // namespace z2
