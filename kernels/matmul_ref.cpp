#include "kernels/cpu/element.h"
#include "kernels/cpu/reference.h"

namespace z2::reference {

void matmul(const Z2Matmul& a, int threads) {
  withType(a.type, [&](auto element) {
    withType(a.outType, [&](auto outElement) {
      using T = decltype(element);
      using Out = decltype(outElement);
      const auto* left = static_cast<const T*>(a.a);
      const auto* right = static_cast<const T*>(a.b);
      const auto* bias = static_cast<const T*>(a.bias);
      auto* out = static_cast<Out*>(a.out);
#pragma omp parallel for num_threads(threads)
      for (int64_t m = 0; m < a.M; ++m) {
        for (int64_t n = 0; n < a.N; ++n) {
          double sum = 0;
          for (int64_t k = 0; k < a.K; ++k) {
            const T x = a.transposeA != 0 ? left[k * a.M + m] : left[m * a.K + k];
            const T y = a.transposeB != 0 ? right[n * a.K + k] : right[k * a.N + n];
            sum += toDouble(x) * toDouble(y);
          }
          if (bias != nullptr) sum += toDouble(bias[n]);
          if (a.beta != 0) sum += a.beta * toDouble(out[m * a.N + n]);
          out[m * a.N + n] = fromDouble<Out>(sum);
        }
      }
    });
  });
}

void biasBackward(const Z2BiasBackward& a, int threads) {
  withType(a.type, [&](auto element) {
    const auto* dOut = static_cast<const decltype(element)*>(a.dOut);
#pragma omp parallel for num_threads(threads)
    for (int64_t n = 0; n < a.N; ++n) {
      for (int64_t m = 0; m < a.M; ++m) a.dBias[n] += toFloat(dOut[m * a.N + n]);
    }
  });
}

}  // namespace z2::reference
