#pragma once

// One epoch's order of documents, laid end to end into one line of tokens.
//
// Memory: 8 bytes for every 256 documents (the token position where each group begins); building it
// visits each document's length once. A place is found by bisection and a walk of at most 256
// documents.

#include <cstdint>
#include <optional>
#include <vector>

#include "core/data/permutation.h"
#include "core/data/token_index.h"

namespace z2 {

// Immutable and thread-safe. The index must outlive it.
class EpochOrder {
 public:
  // Without a key: the order of the file, which needs no memory at all.
  EpochOrder(const TokenIndex& index, std::optional<uint64_t> key);

  struct Place {
    uint64_t rank = 0;    // how many documents come before in this epoch
    uint64_t offset = 0;  // tokens into the document
  };
  // The place of the token at `position` < tokens of the file. Never an empty document.
  [[nodiscard]] Place find(uint64_t position) const;
  // The document of the file that comes at `rank`.
  [[nodiscard]] uint64_t documentAt(uint64_t rank) const;

 private:
  static constexpr uint64_t kGroup = 256;

  const TokenIndex* index_;
  std::optional<Permutation> order_;
  std::vector<uint64_t> groupStarts_;
};

}  // namespace z2
