#include "kernels/cpu/kernel_set_isa.h"
#include "kernels/cpu/parallel.h"
#include "kernels/cpu/simd.h"

namespace z2 {
inline namespace Z2_ISA {
namespace {

// Adds the bias to elements from .. to of row n.
template <typename T>
Z2_INLINE void addBias(const Z2Rope& a, int64_t n, int64_t from, int64_t to) {
  const int64_t width = (a.Hq + 2 * a.Hkv) * a.D;
  auto* row = static_cast<T*>(a.qkv) + n * width + from;
  const auto* bias = static_cast<const T*>(a.bias) + from;
  forLanes(to - from, [&](int64_t i, auto lanes) {
    store(row + i, load(row + i, lanes) + load(bias + i, lanes), lanes);
  });
}

// Rotates heads from .. to of row n; `bias` is added on the way when hasBias.
template <bool hasBias, typename T>
Z2_INLINE void rotate(const Z2Rope& a, int64_t n, int64_t from, int64_t to) {
  const int64_t half = a.D / 2;
  const float* cosine = a.cosine + a.positions[n] * half;
  const float* sine = a.sine + a.positions[n] * half;
  const float sign = a.inverse != 0 ? -1.0f : 1.0f;
  for (int64_t h = from; h < to; ++h) {
    auto* first = static_cast<T*>(a.qkv) + (n * (a.Hq + 2 * a.Hkv) + h) * a.D;
    auto* second = first + half;
    const auto* bias = static_cast<const T*>(a.bias) + h * a.D;
    forLanes(half, [&](int64_t d, auto lanes) {
      F8 x = load(first + d, lanes);
      F8 y = load(second + d, lanes);
      if constexpr (hasBias) {
        x += load(bias + d, lanes);
        y += load(bias + half + d, lanes);
      }
      const F8 c = load(cosine + d, lanes);
      const F8 s = load(sine + d, lanes) * sign;
      store(first + d, x * c - y * s, lanes);
      store(second + d, y * c + x * s, lanes);
    });
  }
}

template <typename T>
void rotateAll(const Z2Rope& a, int threads) {
  const int64_t rotated = a.Hq + a.Hkv;
  const int64_t width = (a.Hq + 2 * a.Hkv) * a.D;
  if (a.fused != 0) {
    parallelFor(threads, a.N, width, [&](int64_t n) {
      if (a.bias == nullptr) {
        rotate<false, T>(a, n, 0, rotated);
        return;
      }
      rotate<true, T>(a, n, 0, rotated);
      addBias<T>(a, n, rotated * a.D, width);
    });
    return;
  }
  if (a.bias != nullptr) {
    parallelFor(threads, a.N, width, [&](int64_t n) { addBias<T>(a, n, 0, width); });
  }
  parallelFor(threads, a.N, width, [&](int64_t n) { rotate<false, T>(a, n, 0, a.Hq); });
  parallelFor(threads, a.N, width, [&](int64_t n) { rotate<false, T>(a, n, a.Hq, rotated); });
}

}  // namespace

void rope(const Z2Rope& a, int threads) {
  withType(a.type, [&](auto element) { rotateAll<decltype(element)>(a, threads); });
}

}  // namespace Z2_ISA
}  // namespace z2
