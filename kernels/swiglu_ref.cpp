#include <cmath>

#include "kernels/cpu/codes.h"
#include "kernels/cpu/element.h"
#include "kernels/cpu/reference.h"

namespace z2::reference {

namespace {

// What element f of row n gives: the result, and with `dOut` the gradients.
// With s = sigmoid(gate): silu' = s (1 + gate (1 - s)).
struct Swiglu {
  double out, dGate, dUp;
};

template <typename T>
Swiglu swigluAt(const void* gateUp, const void* dOut, int64_t n, int64_t f, int64_t F) {
  const auto* row = static_cast<const T*>(gateUp) + n * 2 * F;
  const double gate = toDouble(row[f]), up = toDouble(row[F + f]);
  const double d = dOut == nullptr ? 0 : toDouble(static_cast<const T*>(dOut)[n * F + f]);
  const double s = 1 / (1 + std::exp(-gate));
  return {.out = gate * s * up, .dGate = d * up * s * (1 + gate * (1 - s)), .dUp = d * gate * s};
}

}  // namespace

void swigluForward(const Z2SwigluForward& a, int threads) {
  withType(a.type, [&](auto element) {
    using T = decltype(element);
    const auto outAt = [&](int64_t n, int64_t f) {
      return swigluAt<T>(a.gateUp, nullptr, n, f, a.F).out;
    };
    if (a.codes != nullptr) {
      writeCodes(*a.codes, a.N, a.F, threads,
                 [&](int64_t n, int64_t f) { return static_cast<float>(outAt(n, f)); });
      return;
    }
    auto* out = static_cast<T*>(a.out);
#pragma omp parallel for num_threads(threads)
    for (int64_t n = 0; n < a.N; ++n)
      for (int64_t f = 0; f < a.F; ++f) out[n * a.F + f] = fromDouble<T>(outAt(n, f));
  });
}

void swigluBackward(const Z2SwigluBackward& a, int threads) {
  withType(a.type, [&](auto element) {
    using T = decltype(element);
    const auto at = [&](int64_t n, int64_t f) { return swigluAt<T>(a.gateUp, a.dOut, n, f, a.F); };
    if (a.codes != nullptr) {
      writeCodes(*a.codes, a.N, 2 * a.F, threads, [&](int64_t n, int64_t c) {
        return static_cast<float>(c < a.F ? at(n, c).dGate : at(n, c - a.F).dUp);
      });
      writeCodes(*a.outCodes, a.N, a.F, threads,
                 [&](int64_t n, int64_t f) { return static_cast<float>(at(n, f).out); });
      return;
    }
    auto* dGateUp = static_cast<T*>(a.dGateUp);
    auto* out = static_cast<T*>(a.out);
#pragma omp parallel for num_threads(threads)
    for (int64_t n = 0; n < a.N; ++n) {
      for (int64_t f = 0; f < a.F; ++f) {
        const Swiglu its = at(n, f);
        dGateUp[n * 2 * a.F + f] = fromDouble<T>(its.dGate);
        dGateUp[n * 2 * a.F + a.F + f] = fromDouble<T>(its.dUp);
        if (out != nullptr) out[n * a.F + f] = fromDouble<T>(its.out);
      }
    }
  });
}

}  // namespace z2::reference
