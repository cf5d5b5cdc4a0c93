#include "kernels/cpu/kernel_set_isa.h"
#include "kernels/cpu/parallel.h"
#include "kernels/cpu/simd.h"

namespace z2 {
inline namespace Z2_ISA {
namespace {

template <typename T>
Z2_INLINE void forwardRow(T* out, const T* gate, const T* up, int64_t F) {
  forLanes(F, [&](int64_t f, auto lanes) {
    const F8 g = load(gate + f, lanes);
    store(out + f, g * sigmoid(g) * load(up + f, lanes), lanes);
  });
}

// With s = sigmoid(gate): silu' = s (1 + gate (1 - s)).
template <typename T>
Z2_INLINE void backwardRow(T* dGate, T* dUp, T* out, const T* dOut, const T* gate, const T* up,
                           int64_t F) {
  forLanes(F, [&](int64_t f, auto lanes) {
    const F8 g = load(gate + f, lanes);
    const F8 u = load(up + f, lanes);
    const F8 d = load(dOut + f, lanes);
    const F8 s = sigmoid(g);
    const F8 silu = g * s;
    store(dGate + f, d * u * (s + silu * (1.0f - s)), lanes);
    store(dUp + f, d * silu, lanes);
    if (out != nullptr) store(out + f, silu * u, lanes);
  });
}

}  // namespace

// `fused` 0 keeps silu(gate) in memory between two passes.
void swigluForward(const Z2SwigluForward& a, int threads) {
  withType(a.type, [&](auto element) {
    using T = decltype(element);
    auto* out = static_cast<T*>(a.out);
    const auto* gateUp = static_cast<const T*>(a.gateUp);
    if (a.fused != 0) {
      parallelFor(threads, a.N, a.F, [&](int64_t n) {
        const T* gate = gateUp + n * 2 * a.F;
        forwardRow(out + n * a.F, gate, gate + a.F, a.F);
      });
      return;
    }
    parallelFor(threads, a.N, a.F, [&](int64_t n) {
      forLanes(a.F, [&](int64_t f, auto lanes) {
        const F8 g = load(gateUp + n * 2 * a.F + f, lanes);
        store(out + n * a.F + f, g * sigmoid(g), lanes);
      });
    });
    parallelFor(threads, a.N, a.F, [&](int64_t n) {
      forLanes(a.F, [&](int64_t f, auto lanes) {
        T* to = out + n * a.F + f;
        store(to, load(to, lanes) * load(gateUp + (2 * n + 1) * a.F + f, lanes), lanes);
      });
    });
  });
}

// `fused` 0 makes the forward's result again in a pass of its own.
void swigluBackward(const Z2SwigluBackward& a, int threads) {
  withType(a.type, [&](auto element) {
    using T = decltype(element);
    const auto* gateUp = static_cast<const T*>(a.gateUp);
    auto* out = static_cast<T*>(a.out);
    if (a.fused == 0 && out != nullptr) {
      parallelFor(threads, a.N, a.F, [&](int64_t n) {
        const T* gate = gateUp + n * 2 * a.F;
        forwardRow(out + n * a.F, gate, gate + a.F, a.F);
      });
    }
    parallelFor(threads, a.N, a.F, [&](int64_t n) {
      const T* gate = gateUp + n * 2 * a.F;
      T* dGate = static_cast<T*>(a.dGateUp) + n * 2 * a.F;
      T* result = out == nullptr || a.fused == 0 ? nullptr : out + n * a.F;
      const T* dOut = static_cast<const T*>(a.dOut) + n * a.F;
      backwardRow(dGate, dGate + a.F, result, dOut, gate, gate + a.F, a.F);
    });
  });
}

}  // namespace Z2_ISA
}  // namespace z2
