#pragma once

// How often each pair of neighbouring tokens stands in the words: an open-addressing table from
// the pair to a signed count. Pairs are never removed.

#include <cstddef>
#include <cstdint>
#include <vector>

namespace z2 {

// left in the high half, right in the low half: comparing packed pairs compares (left, right).
using PackedPair = uint64_t;
constexpr PackedPair packPair(uint32_t left, uint32_t right) {
  return PackedPair{left} << 32 | right;
}

class PairCounts {
 public:
  PairCounts() : slots_(kFirstSlots) {}

  // The count of the pair, made as 0 if it is new. Valid until the next call.
  [[nodiscard]] int64_t& at(PackedPair pair) {
    if (size_ * 5 >= slots_.size() * 4) grow();
    Slot& slot = slots_[find(pair)];
    if (slot.pair == kFree) {
      slot.pair = pair;
      ++size_;
    }
    return slot.count;
  }

 private:
  // No token has the id 2^32 - 1.
  static constexpr PackedPair kFree = ~PackedPair{0};
  static constexpr size_t kFirstSlots = size_t{1} << 16;
  struct Slot {
    PackedPair pair = kFree;
    int64_t count = 0;
  };

  [[nodiscard]] size_t find(PackedPair pair) const {
    uint64_t hash = pair * 0x9E3779B97F4A7C15ULL;
    hash = (hash ^ hash >> 32) * 0xD6E8FEB86659FD93ULL;
    // The high half of hash × size lies in [0, size) for a table of any size.
    size_t index = ((hash >> 32) * slots_.size()) >> 32;
    while (slots_[index].pair != pair && slots_[index].pair != kFree)
      index = index + 1 == slots_.size() ? 0 : index + 1;
    return index;
  }

  void grow() {
    std::vector<Slot> old(slots_.size() / 2 * 3);
    old.swap(slots_);
    for (const Slot& slot : old)
      if (slot.pair != kFree) slots_[find(slot.pair)] = slot;
  }

  std::vector<Slot> slots_;
  size_t size_ = 0;
};

}  // namespace z2
