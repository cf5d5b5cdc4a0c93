#pragma once

// Eight floats at a time, for the instruction set that the file is compiled for: GCC's vector types
// where they are enough, intrinsics where they are not.

#ifdef __AVX2__
#include <immintrin.h>
#endif

#include <cstdint>
#include <cstring>

#include "kernels/cpu/element.h"
#include "kernels/cpu/philox.h"

#define Z2_INLINE inline __attribute__((always_inline))

namespace z2 {
inline namespace Z2_ISA {

typedef float F8 __attribute__((vector_size(32)));
typedef int32_t I8 __attribute__((vector_size(32)));
typedef uint32_t U8 __attribute__((vector_size(32)));
typedef uint16_t H8 __attribute__((vector_size(16)));
typedef double D4 __attribute__((vector_size(32)));
typedef float F4 __attribute__((vector_size(16)));

constexpr int64_t kLanes = 8;

Z2_INLINE F8 splat(float x) { return F8{x, x, x, x, x, x, x, x}; }
Z2_INLINE U8 splatBits(uint32_t x) { return U8{x, x, x, x, x, x, x, x}; }
Z2_INLINE F8 asFloat(U8 x) { return reinterpret_cast<F8>(x); }
Z2_INLINE U8 asBits(F8 x) { return reinterpret_cast<U8>(x); }

Z2_INLINE F8 load(const float* p) {
  F8 x;
  std::memcpy(&x, p, sizeof x);
  return x;
}
Z2_INLINE void store(float* p, F8 x) { std::memcpy(p, &x, sizeof x); }

Z2_INLINE F8 load(const Bf16* p) {
  H8 bits;
  std::memcpy(&bits, p, sizeof bits);
  return asFloat(__builtin_convertvector(bits, U8) << 16);
}
Z2_INLINE void store(Bf16* p, F8 x) {
  const U8 bits = asBits(x);
  const U8 rounded = (bits + 0x7fffu + ((bits >> 16) & 1u)) >> 16;
  const U8 quiet = (bits >> 16) | 0x40u;
  const U8 result = (bits & 0x7fffffffu) > splatBits(0x7f800000u) ? quiet : rounded;
#ifdef __AVX2__
  const auto wide = reinterpret_cast<__m256i>(result);
  const __m128i narrow =
      _mm_packus_epi32(_mm256_castsi256_si128(wide), _mm256_extracti128_si256(wide, 1));
#else
  const H8 narrow = __builtin_convertvector(result, H8);
#endif
  std::memcpy(p, &narrow, sizeof narrow);
}

Z2_INLINE F8 load(const Half* p) {
#ifdef __F16C__
  __m128i bits;
  std::memcpy(&bits, p, sizeof bits);
  return _mm256_cvtph_ps(bits);
#else
  F8 x;
  for (int i = 0; i < kLanes; ++i) x[i] = toFloat(p[i]);
  return x;
#endif
}
Z2_INLINE void store(Half* p, F8 x) {
#ifdef __F16C__
  const __m128i bits = _mm256_cvtps_ph(x, _MM_FROUND_TO_NEAREST_INT);
  std::memcpy(p, &bits, sizeof bits);
#else
  for (int i = 0; i < kLanes; ++i) p[i] = fromFloat<Half>(x[i]);
#endif
}

// How many lanes of a vector are elements: all, or the first few at the end of a row.
struct Full {
  static constexpr int64_t count = kLanes;
};
struct Part {
  int64_t count;
};

template <typename T>
Z2_INLINE F8 load(const T* p, Full) {
  return load(p);
}
template <typename T>
Z2_INLINE void store(T* p, F8 x, Full) {
  store(p, x);
}
// Lanes past the end are 0.
template <typename T>
Z2_INLINE F8 load(const T* p, Part part) {
  T buffer[kLanes] = {};
  std::memcpy(buffer, p, static_cast<size_t>(part.count) * sizeof(T));
  return load(buffer);
}
template <typename T>
Z2_INLINE void store(T* p, F8 x, Part part) {
  T buffer[kLanes];
  store(buffer, x);
  std::memcpy(p, buffer, static_cast<size_t>(part.count) * sizeof(T));
}

// f(i, Full or Part) for i = 0, 8, 16, … below n.
template <typename F>
Z2_INLINE void forLanes(int64_t n, F f) {
  int64_t i = 0;
  for (; i + kLanes <= n; i += kLanes) f(i, Full{});
  if (i < n) f(i, Part{n - i});
}

Z2_INLINE F8 select(I8 mask, F8 yes, F8 no) { return mask ? yes : no; }
Z2_INLINE F8 maximum(F8 x, F8 y) { return x > y ? x : y; }

Z2_INLINE float sum(F8 x) {
  return ((x[0] + x[4]) + (x[2] + x[6])) + ((x[1] + x[5]) + (x[3] + x[7]));
}
Z2_INLINE float maximum(F8 x) {
  float largest = x[0];
  for (int i = 1; i < kLanes; ++i) largest = x[i] > largest ? x[i] : largest;
  return largest;
}
Z2_INLINE F8 squareRoot(F8 x) {
#ifdef __AVX__
  return _mm256_sqrt_ps(x);
#else
  F8 root;
  for (int i = 0; i < kLanes; ++i) root[i] = __builtin_sqrtf(x[i]);
  return root;
#endif
}

// e^x with a relative error of about 1e-7: x = n ln 2 + r with |r| <= ln 2 / 2, and Taylor's
// polynomial of degree 7 for e^r, whose remainder there is below 1e-8. Results under the smallest
// normal number are 0; NaN stays NaN.
Z2_INLINE F8 exponential(F8 x) {
  constexpr float kShift = 12582912.0f;  // 1.5 * 2^23: adding it rounds to an integer
  const F8 shifted = x * 1.44269504f + kShift;
  const F8 n = shifted - kShift;
  const F8 r = (x - n * 0.693359375f) + n * 2.12194440e-4f;
  F8 p = splat(1.0f / 5040);
  p = p * r + 1.0f / 720;
  p = p * r + 1.0f / 120;
  p = p * r + 1.0f / 24;
  p = p * r + 1.0f / 6;
  p = p * r + 0.5f;
  p = p * r + 1.0f;
  p = p * r + 1.0f;
  F8 result = asFloat(asBits(p) + (asBits(shifted) << 23));
  result = select(x < splat(-87.33654f), F8{}, result);
  result = select(x > splat(88.72283f), splat(__builtin_inff()), result);
  return select(x == x, result, x);
}

Z2_INLINE F8 sigmoid(F8 x) { return 1.0f / (1.0f + exponential(-x)); }

// The dropout factors of elements index .. index + 7.
class DropoutMask {
 public:
  explicit DropoutMask(const Z2Dropout& dropout)
      : dropout_(dropout), threshold_(dropoutThreshold(dropout)), scale_(dropoutScale(dropout)) {}

  [[nodiscard]] bool isOff() const { return dropout_.probability == 0; }

  Z2_INLINE F8 factors(int64_t index) const {
    uint32_t words[12];
    const auto block = static_cast<uint64_t>(index) / 4;
    const int64_t offset = index % 4;
    for (uint64_t b = 0; b < (offset == 0 ? 2u : 3u); ++b) {
      const PhiloxBlock drawn = dropoutWords(dropout_, block + b);
      std::memcpy(words + 4 * b, drawn.words, sizeof drawn.words);
    }
    U8 bits;
    std::memcpy(&bits, words + offset, sizeof bits);
    return select((bits >> 8) >= splatBits(threshold_), splat(scale_), F8{});
  }

 private:
  Z2Dropout dropout_;
  uint32_t threshold_;
  float scale_;
};

// x times its dropout factors.
Z2_INLINE F8 dropped(const DropoutMask& mask, F8 x, int64_t index) {
  return mask.isOff() ? x : x * mask.factors(index);
}

}  // namespace Z2_ISA
}  // namespace z2
