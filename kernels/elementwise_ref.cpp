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

}  // namespace z2::reference
