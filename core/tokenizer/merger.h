#pragma once

// Byte-pair merging of one sequence of symbols.

#include <cstdint>
#include <vector>

#include "core/tokenizer/merge_table.h"

namespace z2 {

// Working memory of one thread.
struct MergeWorkspace {
  struct Link {
    int32_t previous = -1;
    int32_t next = -1;
  };
  struct Candidate {
    uint32_t priority = 0;
    uint32_t position = 0;
    int32_t left = 0;
    int32_t right = 0;
    int32_t result = 0;
  };
  std::vector<MergeTable::Merge> pairs;
  std::vector<Link> links;
  std::vector<Candidate> heap;
};

// Merges neighbours in place, lowest priority first, leftmost among equals, until none merge.
// Short sequences by search, O(n^2) with a tiny constant; long ones by a heap, O(n log n).
// Sequences longer than 2^31 - 2 symbols are for the caller to cut.
void mergeSymbols(const MergeTable& table, MergeWorkspace& workspace,
                  std::vector<int32_t>& symbols);

}  // namespace z2
