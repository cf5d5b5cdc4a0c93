#pragma once

// Where a long pre-token may be cut without changing what it encodes to.
//
// A merge across the junction of two neighbouring base symbols makes a token that holds both next
// to each other. If no merge of the model does, nothing ever joins there, and the two sides encode
// on their own: they can be cached, and the work stays linear. The set may say yes too often (it
// is a hash without keys), which costs speed and nothing else.

#include <cstdint>
#include <vector>

namespace z2 {

class JunctionSet {
 public:
  void add(uint32_t left, uint32_t right) {
    if (bits_.empty()) bits_.assign(kBits / 64, 0);
    const uint64_t bit = bitOf(left, right);
    bits_[bit / 64] |= uint64_t{1} << bit % 64;
  }
  [[nodiscard]] bool mayJoin(uint32_t left, uint32_t right) const {
    if (bits_.empty()) return false;
    const uint64_t bit = bitOf(left, right);
    return (bits_[bit / 64] >> bit % 64 & 1) != 0;
  }

 private:
  static constexpr uint64_t kBits = uint64_t{1} << 21;  // 256 KB
  static uint64_t bitOf(uint32_t left, uint32_t right) {
    return ((uint64_t{left} << 32 | right) * 0x9E3779B97F4A7C15ULL) >> 43;
  }
  std::vector<uint64_t> bits_;
};

}  // namespace z2
