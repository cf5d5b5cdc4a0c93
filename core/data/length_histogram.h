#pragma once

// How long the documents of a token file are.

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

// Buckets that double in width (0, 1, 2 … 3, 4 … 7, …), without the empty ones at both ends.
// O(documents).
[[nodiscard]] std::vector<LengthBucket> lengthHistogram(const TokenIndex& index);

}  // namespace z2
