#include "core/instruct/bit_lcs.h"

#include <algorithm>
#include <bit>

namespace z2 {

namespace {

constexpr size_t kBits = 64;

}  // namespace

BitLcs::BitLcs(std::span<const uint32_t> text, size_t distinct)
    : size_(text.size()),
      blocks_((text.size() + kBits - 1) / kBits),
      places_((distinct + 1) * blocks_),
      row_(blocks_) {
  for (size_t i = 0; i < text.size(); ++i)
    places_[text[i] * blocks_ + i / kBits] |= uint64_t{1} << (i % kBits);
}

// A zero in the row at place i says that the subsequence grows by one there. For each word that
// comes, in each run of ones its lowest match becomes the run's zero: one addition with its carry.
size_t BitLcs::length(std::span<const uint32_t> other) {
  std::ranges::fill(row_, ~uint64_t{0});
  for (const uint32_t word : other) {
    if (word == 0) continue;
    const uint64_t* const match = places_.data() + word * blocks_;
    uint64_t carry = 0;
    for (size_t block = 0; block < blocks_; ++block) {
      const uint64_t row = row_[block];
      const uint64_t matched = row & match[block];
      const uint64_t sum = row + matched;
      const uint64_t whole = sum + carry;
      carry = static_cast<uint64_t>(sum < row) | static_cast<uint64_t>(whole < sum);
      row_[block] = whole | (row & ~match[block]);
    }
  }
  size_t ones = 0;
  for (const uint64_t row : row_) ones += static_cast<size_t>(std::popcount(row));
  // Bits behind the text's end match nothing and stay ones.
  return blocks_ * kBits - ones;
}

}  // namespace z2
