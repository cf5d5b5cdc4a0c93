#include "kernels/cpu/element.h"
#include "kernels/cpu/reference.h"

namespace z2::reference {
namespace {

template <typename T>
void rotateRow(const Z2Rope& a, int64_t n) {
  const int64_t heads = a.Hq + 2 * a.Hkv;
  const int64_t half = a.D / 2;
  auto* row = static_cast<T*>(a.qkv) + n * heads * a.D;
  const auto* bias = static_cast<const T*>(a.bias);
  const auto biasOf = [&](int64_t i) { return bias == nullptr ? 0.0 : toDouble(bias[i]); };
  const float* cosine = a.cosine + a.positions[n] * half;
  const float* sine = a.sine + a.positions[n] * half;
  for (int64_t h = 0; h < a.Hq + a.Hkv; ++h) {
    for (int64_t d = 0; d < half; ++d) {
      const int64_t first = h * a.D + d;
      const int64_t second = first + half;
      const double x = toDouble(row[first]) + biasOf(first);
      const double y = toDouble(row[second]) + biasOf(second);
      const double c = cosine[d];
      const double s = a.inverse != 0 ? -sine[d] : sine[d];
      row[first] = fromDouble<T>(x * c - y * s);
      row[second] = fromDouble<T>(y * c + x * s);
    }
  }
  if (bias == nullptr) return;
  for (int64_t i = (a.Hq + a.Hkv) * a.D; i < heads * a.D; ++i) {
    row[i] = fromDouble<T>(toDouble(row[i]) + biasOf(i));
  }
}

}  // namespace

void rope(const Z2Rope& a, int threads) {
  withType(a.type, [&](auto element) {
#pragma omp parallel for num_threads(threads)
    for (int64_t n = 0; n < a.N; ++n) rotateRow<decltype(element)>(a, n);
  });
}

}  // namespace z2::reference
