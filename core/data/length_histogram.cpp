#include "core/data/length_histogram.h"

#include <array>
#include <bit>

namespace z2 {

std::vector<LengthBucket> lengthHistogram(const TokenIndex& index) {
  std::array<uint64_t, 65> counts{};
  for (uint64_t i = 0; i < index.documents(); ++i)
    ++counts[static_cast<size_t>(std::bit_width(index.documentTokens(i)))];
  std::vector<LengthBucket> buckets;
  for (size_t bits = 0; bits < counts.size(); ++bits) {
    const uint64_t from = bits == 0 ? 0 : uint64_t{1} << (bits - 1);
    const uint64_t to = bits == 0 ? 0 : from + (from - 1);
    if (counts[bits] > 0 || !buckets.empty()) buckets.push_back({from, to, counts[bits]});
  }
  while (!buckets.empty() && buckets.back().documents == 0) buckets.pop_back();
  return buckets;
}

}  // namespace z2
