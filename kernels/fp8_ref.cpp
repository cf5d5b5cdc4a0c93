#include <array>

#include "kernels/cpu/codes.h"
#include "kernels/cpu/element.h"
#include "kernels/cpu/fp8.h"
#include "kernels/cpu/reference.h"

namespace z2::reference {

namespace {

std::array<float, 256> valuesOf(Z2DType type) {
  std::array<float, 256> values{};
  for (size_t code = 0; code < values.size(); ++code)
    values[code] = decodeFp8(static_cast<uint8_t>(code), type);
  return values;
}

}  // namespace

void quantise(const Z2Quantise& a, int threads) {
  withType(a.type, [&](auto element) {
    const auto* in = static_cast<const decltype(element)*>(a.in);
    writeCodes(a.out, a.N, a.C, threads,
               [&](int64_t n, int64_t c) { return toFloat(in[n * a.C + c]); });
  });
}

void matmulFp8(const Z2MatmulFp8& a, int threads) {
  const std::array<float, 256> left = valuesOf(a.typeA), right = valuesOf(a.typeB);
  const auto* codesA = static_cast<const uint8_t*>(a.a);
  const auto* codesB = static_cast<const uint8_t*>(a.b);
  const double scale = static_cast<double>(*a.scaleA) * *a.scaleB;
  withType(a.outType, [&](auto outElement) {
    using Out = decltype(outElement);
    auto* out = static_cast<Out*>(a.out);
    const auto* bias = static_cast<const Out*>(a.bias);
#pragma omp parallel for num_threads(threads)
    for (int64_t m = 0; m < a.M; ++m) {
      for (int64_t n = 0; n < a.N; ++n) {
        double sum = 0;
        for (int64_t k = 0; k < a.K; ++k)
          sum += static_cast<double>(left[codesA[m * a.K + k]]) * right[codesB[n * a.K + k]];
        sum *= scale;
        if (bias != nullptr) sum += toDouble(bias[n]);
        if (a.beta != 0) sum += a.beta * toDouble(out[m * a.N + n]);
        out[m * a.N + n] = fromDouble<Out>(sum);
      }
    }
  });
}

}  // namespace z2::reference
