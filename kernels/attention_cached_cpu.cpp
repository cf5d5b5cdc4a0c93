#include <cmath>

#include "kernels/cpu/kernel_set_isa.h"
#include "kernels/cpu/parallel.h"
#include "kernels/cpu/simd.h"

namespace z2 {
inline namespace Z2_ISA {
namespace {

constexpr int64_t kMostHeadSize = 1024;  // kMaxHeadSize of kernels/cpu/checks.h
constexpr int64_t kKeys = 128;           // scores kept at a time

template <typename T>
Z2_INLINE float dot(const float* x, const T* y, int64_t n) {
  F8 products = {};
  forLanes(n, [&](int64_t i, auto lanes) { products += load(x + i, lanes) * load(y + i, lanes); });
  return sum(products);
}

// One query of one head against the cache, a block of keys after the other.
template <typename T>
void attend(const Z2AttentionCached& a, int64_t b, int64_t h, int64_t i) {
  const int64_t hkv = h / (a.Hq / a.Hkv);
  const int64_t count = a.length[b] - a.T + i + 1;
  const int64_t stride = a.Hkv * a.D;
  const T* keys = static_cast<const T*>(a.keys) + (b * a.capacity * a.Hkv + hkv) * a.D;
  const T* values = static_cast<const T*>(a.values) + (b * a.capacity * a.Hkv + hkv) * a.D;
  const T* q = static_cast<const T*>(a.q) + (b * a.T + i) * a.qStride + h * a.D;
  float query[kMostHeadSize];
  float sums[kMostHeadSize];
  forLanes(a.D, [&](int64_t d, auto lanes) {
    store(query + d, load(q + d, lanes) * a.scale, lanes);
    store(sums + d, F8{}, lanes);
  });
  float largest = -__builtin_inff();
  float total = 0;
  for (int64_t begin = 0; begin < count; begin += kKeys) {
    const int64_t n = begin + kKeys < count ? kKeys : count - begin;
    float scores[kKeys];
    const float before = largest;
    for (int64_t j = 0; j < n; ++j) {
      scores[j] = dot(query, keys + (begin + j) * stride, a.D);
      largest = scores[j] > largest ? scores[j] : largest;
    }
    const float factor = std::exp(before - largest);
    total *= factor;
    forLanes(a.D, [&](int64_t d, auto lanes) {
      store(sums + d, load(sums + d, lanes) * factor, lanes);
    });
    for (int64_t j = 0; j < n; ++j) {
      const float e = std::exp(scores[j] - largest);
      const T* value = values + (begin + j) * stride;
      total += e;
      forLanes(a.D, [&](int64_t d, auto lanes) {
        store(sums + d, load(sums + d, lanes) + load(value + d, lanes) * e, lanes);
      });
    }
  }
  T* out = static_cast<T*>(a.out) + ((b * a.T + i) * a.Hq + h) * a.D;
  forLanes(a.D, [&](int64_t d, auto lanes) {
    store(out + d, load(sums + d, lanes) * (1.0f / total), lanes);
  });
}

}  // namespace

void attentionCached(const Z2AttentionCached& a, int threads) {
  int64_t longest = 0;
  for (int64_t b = 0; b < a.B; ++b) longest = a.length[b] > longest ? a.length[b] : longest;
  withType(a.type, [&](auto element) {
    parallelFor(threads, a.B * a.Hq * a.T, longest * a.D, [&](int64_t job) {
      attend<decltype(element)>(a, job / (a.Hq * a.T), job / a.T % a.Hq, job % a.T);
    });
  });
}

}  // namespace Z2_ISA
}  // namespace z2
