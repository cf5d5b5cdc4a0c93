#include "core/data/permutation.h"

#include <bit>
#include <cstdint>
#include <utility>

#include "core/base/check.h"

namespace z2 {

Permutation::Permutation(uint64_t size, uint64_t key)
    : size_(size),
      halfBits_((static_cast<int>(std::bit_width(size > 1 ? size - 1 : uint64_t{1})) + 1) / 2) {
  for (uint64_t& roundKey : roundKeys_) {
    key = mixBits(key);
    roundKey = key;
  }
}

uint64_t Permutation::operator()(uint64_t index) const {
  Z2_CHECK(index < size_);
  const uint64_t halfMask = (uint64_t{1} << halfBits_) - 1;
  do {
    uint64_t left = index >> halfBits_;
    uint64_t right = index & halfMask;
    for (const uint64_t roundKey : roundKeys_) {
      left ^= mixBits(right ^ roundKey) & halfMask;
      std::swap(left, right);
    }
    index = (left << halfBits_) | right;
  } while (index >= size_);
  return index;
}

}  // namespace z2
