#include "kernels/cpu/element.h"
#include "kernels/cpu/philox.h"
#include "kernels/cpu/reference.h"

namespace z2::reference {

void convert(const Z2Convert& a, int threads) {
  withType(a.outType, [&](auto outElement) {
    withType(a.inType, [&](auto inElement) {
      using Out = decltype(outElement);
      auto* out = static_cast<Out*>(a.out);
      const auto* in = static_cast<const decltype(inElement)*>(a.in);
#pragma omp parallel for num_threads(threads)
      for (int64_t i = 0; i < a.n; ++i) out[i] = fromFloat<Out>(toFloat(in[i]));
    });
  });
}

void add(const Z2Add& a, int threads) {
  withType(a.type, [&](auto element) {
    withType(a.typeB, [&](auto elementB) {
      using T = decltype(element);
      auto* out = static_cast<T*>(a.out);
      const auto* x = static_cast<const T*>(a.a);
      const auto* y = static_cast<const decltype(elementB)*>(a.b);
#pragma omp parallel for num_threads(threads)
      for (int64_t i = 0; i < a.n; ++i) {
        out[i] = fromDouble<T>(toDouble(x[i]) + toDouble(y[i]) * dropoutFactor(a.dropout, i));
      }
    });
  });
}

void dropout(const Z2DropoutApply& a, int threads) {
  withType(a.outType, [&](auto outElement) {
    withType(a.inType, [&](auto inElement) {
      using Out = decltype(outElement);
      auto* out = static_cast<Out*>(a.out);
      const auto* in = static_cast<const decltype(inElement)*>(a.in);
#pragma omp parallel for num_threads(threads)
      for (int64_t i = 0; i < a.n; ++i) {
        out[i] = fromDouble<Out>(toDouble(in[i]) * dropoutFactor(a.dropout, i));
      }
    });
  });
}

void copyBlock(const Z2CopyBlock& a, int threads) {
  withType(a.outType, [&](auto outElement) {
    withType(a.inType, [&](auto inElement) {
      using Out = decltype(outElement);
#pragma omp parallel for num_threads(threads)
      for (int64_t m = 0; m < a.M; ++m) {
        Out* out = static_cast<Out*>(a.out) + m * a.outStride;
        const auto* in = static_cast<const decltype(inElement)*>(a.in) + m * a.inStride;
        for (int64_t n = 0; n < a.N; ++n) {
          const double before = a.accumulate != 0 ? toDouble(out[n]) : 0.0;
          out[n] = fromDouble<Out>(before + double{a.scale} * toDouble(in[n]));
        }
      }
    });
  });
}

}  // namespace z2::reference
