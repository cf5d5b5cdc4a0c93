#pragma once

// Puts whole sequences side by side into the rows of a batch.

#include <cstdint>
#include <span>
#include <vector>

#include "core/data/batch_sampler.h"

namespace z2 {

// Writes into a batch that outlives it. A sequence of n tokens takes n - 1 columns: its last token
// is only a target.
class PackedRows {
 public:
  // All rows empty.
  PackedRows(Batch& batch, int64_t rows, int64_t columns);

  // Appends a sequence to a row that has room for it: ids[0 … n-2] are its tokens, ids[1 … n-1] its
  // targets where mask[1 … n-1] is not 0, else -1. Positions count from 0, and attention begins at
  // its first column. Returns that column.
  int64_t put(int64_t row, std::span<const int32_t> ids, std::span<const uint8_t> mask);
  // Fills what is left with id 0, targets -1, as a document of its own.
  void finish();

 private:
  Batch& batch_;
  std::vector<int64_t> used_;  // columns of each row
};

}  // namespace z2
