#include "core/data/length_histogram.h"

#include <vector>

namespace z2 {

std::vector<LengthBucket> LengthHistogram::buckets() const {
  std::vector<LengthBucket> buckets;
  for (size_t bits = 0; bits < counts_.size(); ++bits) {
    const uint64_t from = bits == 0 ? 0 : uint64_t{1} << (bits - 1);
    const uint64_t to = bits == 0 ? 0 : from + (from - 1);
    if (counts_[bits] > 0 || !buckets.empty()) buckets.push_back({from, to, counts_[bits]});
  }
  while (!buckets.empty() && buckets.back().documents == 0) buckets.pop_back();
  return buckets;
}

std::vector<LengthBucket> lengthHistogram(const TokenIndex& index) {
  LengthHistogram histogram;
  for (uint64_t i = 0; i < index.documents(); ++i) histogram.add(index.documentTokens(i));
  return histogram.buckets();
}

}  // namespace z2
