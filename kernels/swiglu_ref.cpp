#include <cmath>

#include "kernels/cpu/element.h"
#include "kernels/cpu/reference.h"

namespace z2::reference {

void swigluForward(const Z2SwigluForward& a, int threads) {
  withType(a.type, [&](auto element) {
    using T = decltype(element);
    auto* out = static_cast<T*>(a.out);
    const auto* gateUp = static_cast<const T*>(a.gateUp);
#pragma omp parallel for num_threads(threads)
    for (int64_t n = 0; n < a.N; ++n) {
      for (int64_t f = 0; f < a.F; ++f) {
        const double gate = toDouble(gateUp[n * 2 * a.F + f]);
        const double up = toDouble(gateUp[n * 2 * a.F + a.F + f]);
        out[n * a.F + f] = fromDouble<T>(gate / (1 + std::exp(-gate)) * up);
      }
    }
  });
}

// With s = sigmoid(gate): silu' = s (1 + gate (1 - s)).
void swigluBackward(const Z2SwigluBackward& a, int threads) {
  withType(a.type, [&](auto element) {
    using T = decltype(element);
    auto* dGateUp = static_cast<T*>(a.dGateUp);
    auto* out = static_cast<T*>(a.out);
    const auto* dOut = static_cast<const T*>(a.dOut);
    const auto* gateUp = static_cast<const T*>(a.gateUp);
#pragma omp parallel for num_threads(threads)
    for (int64_t n = 0; n < a.N; ++n) {
      for (int64_t f = 0; f < a.F; ++f) {
        const double gate = toDouble(gateUp[n * 2 * a.F + f]);
        const double up = toDouble(gateUp[n * 2 * a.F + a.F + f]);
        const double d = toDouble(dOut[n * a.F + f]);
        const double s = 1 / (1 + std::exp(-gate));
        dGateUp[n * 2 * a.F + f] = fromDouble<T>(d * up * s * (1 + gate * (1 - s)));
        dGateUp[n * 2 * a.F + a.F + f] = fromDouble<T>(d * gate * s);
        if (out != nullptr) out[n * a.F + f] = fromDouble<T>(gate * s * up);
      }
    }
  });
}

}  // namespace z2::reference
