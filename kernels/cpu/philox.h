#pragma once

// Philox4x32-10 (Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", 2011) and the
// dropout of kernels/tensor.h on top of it.

#include <cmath>
#include <cstdint>

#include "kernels/cpu/isa.h"
#include "kernels/tensor.h"

namespace z2 {
inline namespace Z2_ISA {

struct PhiloxBlock {
  uint32_t words[4];
};

inline PhiloxBlock philox(PhiloxBlock counter, uint32_t key0, uint32_t key1) {
  for (int round = 0; round < 10; ++round) {
    const uint32_t* c = counter.words;
    const uint64_t a = uint64_t{0xD2511F53u} * c[0];
    const uint64_t b = uint64_t{0xCD9E8D57u} * c[2];
    counter = {{static_cast<uint32_t>(b >> 32) ^ c[1] ^ key0, static_cast<uint32_t>(b),
                static_cast<uint32_t>(a >> 32) ^ c[3] ^ key1, static_cast<uint32_t>(a)}};
    key0 += 0x9E3779B9u;
    key1 += 0xBB67AE85u;
  }
  return counter;
}

// Elements are kept when their word's upper 24 bits reach this: the comparison with the
// probability, done in integers.
inline uint32_t dropoutThreshold(const Z2Dropout& dropout) {
  return static_cast<uint32_t>(std::ceil(static_cast<double>(dropout.probability) * 0x1p24));
}

inline float dropoutScale(const Z2Dropout& dropout) { return 1.0f / (1.0f - dropout.probability); }

// The four words of elements 4 * block .. 4 * block + 3.
inline PhiloxBlock dropoutWords(const Z2Dropout& dropout, uint64_t block) {
  return philox(
      {{static_cast<uint32_t>(block), static_cast<uint32_t>(block >> 32),
        static_cast<uint32_t>(dropout.stream), static_cast<uint32_t>(dropout.stream >> 32)}},
      static_cast<uint32_t>(dropout.seed), static_cast<uint32_t>(dropout.seed >> 32));
}

// What element `index` of the tensor is multiplied with: 0, or 1 / (1 - probability).
inline float dropoutFactor(const Z2Dropout& dropout, int64_t index) {
  if (dropout.probability == 0) return 1.0f;
  const PhiloxBlock block = dropoutWords(dropout, static_cast<uint64_t>(index) / 4);
  const uint32_t word = block.words[index % 4] >> 8;
  return word >= dropoutThreshold(dropout) ? dropoutScale(dropout) : 0.0f;
}

}  // namespace Z2_ISA
}  // namespace z2
