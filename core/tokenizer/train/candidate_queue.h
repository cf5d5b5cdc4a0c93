#pragma once

// The pairs that may merge, the most frequent first, ties to the smallest pair.
//
// Of the millions of pairs of a corpus only the frequent ones ever come up. Those lie in a heap;
// the rest waits unordered, in blocks that grow without copies, until the heap has nothing as
// frequent. The order is that of one heap over all.

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <vector>

#include "core/tokenizer/train/pair_counts.h"
#include "core/tokenizer/train/posting_store.h"

namespace z2 {

struct Candidate {
  uint64_t count = 0;  // when it was queued
  PackedPair pair = 0;
  Posting words;
};

class CandidateQueue {
 public:
  void push(const Candidate& candidate);
  // Takes the best candidate whose count is what `counts` says now; others met on the way are
  // queued again with their present count. A pair that is gone stays queued with count 0: it may
  // form again. nullopt when the best has count 0.
  [[nodiscard]] std::optional<Candidate> popBest(PairCounts& counts);

 private:
  void refill();

  std::vector<Candidate> heap_;    // counts of at least floor_
  std::deque<Candidate> waiting_;  // counts below floor_
  uint64_t floor_ = UINT64_MAX;
};

}  // namespace z2
