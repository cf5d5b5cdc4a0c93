#pragma once

// A result written as codes of 8 bits (kernels/fp8.h), by the references that make it.

#include <algorithm>
#include <cmath>
#include <cstdint>

#include "kernels/cpu/fp8.h"

namespace z2 {

// valueAt(n, c) for each element of a result [N, C], as codes; its scale is found unless it is
// known.
template <typename ValueAt>
void writeCodes(const Z2Codes& to, int64_t N, int64_t C, int threads, const ValueAt& valueAt) {
  if (to.isKnown == 0) {
    float amax = 0;
    bool isFinite = true;
#pragma omp parallel for num_threads(threads) reduction(max : amax) reduction(&& : isFinite)
    for (int64_t n = 0; n < N; ++n) {
      for (int64_t c = 0; c < C; ++c) {
        const float size = std::fabs(valueAt(n, c));
        isFinite = isFinite && std::isfinite(size);
        amax = std::max(amax, size);
      }
    }
    to.scale->scale = scaleFor(isFinite ? amax : NAN, to.type);
  }
  const float factor = 1 / to.scale->scale;
  auto* codes = static_cast<uint8_t*>(to.codes);
  auto* transposed = static_cast<uint8_t*>(to.transposed);
#pragma omp parallel for num_threads(threads)
  for (int64_t n = 0; n < N; ++n) {
    for (int64_t c = 0; c < C; ++c) {
      const uint8_t code = encodeFp8(valueAt(n, c) * factor, to.type);
      if (codes != nullptr) codes[n * C + c] = code;
      if (transposed != nullptr) transposed[c * N + n] = code;
    }
  }
}

}  // namespace z2
