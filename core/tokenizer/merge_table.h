#pragma once

// The merges of a model compiled for lookup: pair of symbols -> what they become and how soon.

#include <cstddef>
#include <cstdint>
#include <vector>

#include "core/base/error.h"

namespace z2 {

// Symbols are token ids, or ids past the vocabulary for characters that are no tokens themselves.
// Immutable and thread-safe once built.
class MergeTable {
 public:
  static constexpr uint32_t kNone = UINT32_MAX;
  // A slot packs the pair (2 x 21 bits) and the index of its merge (22 bits) into 8 bytes.
  static constexpr uint32_t kMaxSymbols = (1U << 21) - 1;
  static constexpr uint32_t kMaxMerges = (1U << 22) - 1;

  struct Entry {
    int32_t left = 0;
    int32_t right = 0;
    int32_t result = 0;
    uint32_t priority = 0;  // the lowest merges first; ties: the leftmost
  };
  struct Merge {
    uint32_t priority = kNone;
    int32_t result = -1;
  };

  MergeTable() = default;
  // Of entries with the same pair the last one holds, as in a hash map filled in order. Refuses
  // symbols or counts past the limits above.
  [[nodiscard]] static Result<MergeTable> create(const std::vector<Entry>& entries);

  // priority kNone: the two do not merge. Negative symbols merge with nothing.
  [[nodiscard]] Merge find(int32_t left, int32_t right) const {
    const uint64_t key = uint64_t{static_cast<uint32_t>(left)} << 21 | static_cast<uint32_t>(right);
    if ((left | right) < 0 || slots_.empty()) return {};
    for (size_t at = hashOf(key) >> shift_;; at = (at + 1) & mask_) {
      const uint64_t slot = slots_[at];
      if (slot == kEmpty) return {};
      if (slot >> 22 == key) return merges_[slot & kMaxMerges];
    }
  }

 private:
  static constexpr uint64_t kEmpty = UINT64_MAX;
  static uint64_t hashOf(uint64_t key) {
    key *= 0x9E3779B97F4A7C15ULL;
    return key ^ key >> 29;
  }

  std::vector<uint64_t> slots_;
  std::vector<Merge> merges_;
  int shift_ = 63;
  size_t mask_ = 0;
};

}  // namespace z2
