#include <cmath>

#include "kernels/cpu/kernel_set.h"
#include "kernels/cpu/kernel_set_isa.h"
#include "kernels/cpu/parallel.h"
#include "kernels/cpu/simd.h"

namespace z2 {
inline namespace Z2_ISA {
namespace {

// The residual of row n after its add, rounded to its type as the next reader will see it.
template <typename T, typename R>
Z2_INLINE void addRow(const Z2RmsNormForward& a, const DropoutMask& mask, int64_t n) {
  const auto* x = static_cast<const R*>(a.residualIn) + n * a.C;
  const auto* delta = static_cast<const T*>(a.delta) + n * a.C;
  auto* to = static_cast<R*>(a.residualOut) + n * a.C;
  forLanes(a.C, [&](int64_t c, auto lanes) {
    store(to + c, load(x + c, lanes) + dropped(mask, load(delta + c, lanes), n * a.C + c), lanes);
  });
}

template <typename R>
Z2_INLINE const R* residualRow(const Z2RmsNormForward& a, int64_t n) {
  const void* residual = a.delta != nullptr ? a.residualOut : a.residualIn;
  return static_cast<const R*>(residual) + n * a.C;
}

template <typename R>
Z2_INLINE void measureRow(const Z2RmsNormForward& a, int64_t n) {
  const R* x = residualRow<R>(a, n);
  F8 squares = {};
  forLanes(a.C, [&](int64_t c, auto lanes) {
    const F8 value = load(x + c, lanes);
    squares += value * value;
  });
  a.rstd[n] = 1.0f / std::sqrt(sum(squares) / static_cast<float>(a.C) + a.eps);
}

template <typename T, typename R>
Z2_INLINE void scaleRow(const Z2RmsNormForward& a, int64_t n) {
  const R* x = residualRow<R>(a, n);
  const auto* weight = static_cast<const T*>(a.weight);
  auto* out = static_cast<T*>(a.out) + n * a.C;
  const F8 rstd = splat(a.rstd[n]);
  forLanes(a.C, [&](int64_t c, auto lanes) {
    store(out + c, load(weight + c, lanes) * (load(x + c, lanes) * rstd), lanes);
  });
}

template <typename T, typename R>
void forward(const Z2RmsNormForward& a, int threads) {
  const DropoutMask mask(a.dropout);
  if (a.fused != 0) {
    parallelFor(threads, a.N, a.C, [&](int64_t n) {
      if (a.delta != nullptr) addRow<T, R>(a, mask, n);
      measureRow<R>(a, n);
      scaleRow<T, R>(a, n);
    });
    return;
  }
  if (a.delta != nullptr) {
    parallelFor(threads, a.N, a.C, [&](int64_t n) { addRow<T, R>(a, mask, n); });
  }
  parallelFor(threads, a.N, a.C, [&](int64_t n) { measureRow<R>(a, n); });
  parallelFor(threads, a.N, a.C, [&](int64_t n) { scaleRow<T, R>(a, n); });
}

template <typename T, typename R>
Z2_INLINE void residualGradientRow(const Z2RmsNormBackward& a, int64_t n) {
  const auto* dOut = static_cast<const T*>(a.dOut) + n * a.C;
  const auto* x = static_cast<const R*>(a.residual) + n * a.C;
  const auto* weight = static_cast<const T*>(a.weight);
  auto* dResidual = static_cast<R*>(a.dResidual) + n * a.C;
  F8 products = {};
  forLanes(a.C, [&](int64_t c, auto lanes) {
    products += load(dOut + c, lanes) * load(weight + c, lanes) * load(x + c, lanes);
  });
  const float rstd = a.rstd[n];
  const float slope = sum(products) / static_cast<float>(a.C) * rstd * rstd * rstd;
  forLanes(a.C, [&](int64_t c, auto lanes) {
    F8 d = load(dOut + c, lanes) * load(weight + c, lanes) * rstd - load(x + c, lanes) * slope;
    if (a.accumulate != 0) d += load(dResidual + c, lanes);
    store(dResidual + c, d, lanes);
  });
}

template <typename T, typename R>
Z2_INLINE void deltaGradientRow(const Z2RmsNormBackward& a, const DropoutMask& mask, int64_t n) {
  const auto* dResidual = static_cast<const R*>(a.dResidual) + n * a.C;
  auto* dDelta = static_cast<T*>(a.dDelta) + n * a.C;
  forLanes(a.C, [&](int64_t c, auto lanes) {
    store(dDelta + c, dropped(mask, load(dResidual + c, lanes), n * a.C + c), lanes);
  });
}

// As scaleRow did in forward.
template <typename T, typename R>
Z2_INLINE void outAgainRow(const Z2RmsNormBackward& a, int64_t n) {
  const auto* x = static_cast<const R*>(a.residual) + n * a.C;
  const auto* weight = static_cast<const T*>(a.weight);
  auto* out = static_cast<T*>(a.outAgain) + n * a.C;
  const F8 rstd = splat(a.rstd[n]);
  forLanes(a.C, [&](int64_t c, auto lanes) {
    store(out + c, load(weight + c, lanes) * (load(x + c, lanes) * rstd), lanes);
  });
}

template <typename T, typename R>
Z2_INLINE void weightGradientRow(const Z2RmsNormBackward& a, int64_t n, float* sums) {
  const auto* dOut = static_cast<const T*>(a.dOut) + n * a.C;
  const auto* x = static_cast<const R*>(a.residual) + n * a.C;
  const F8 rstd = splat(a.rstd[n]);
  forLanes(a.C, [&](int64_t c, auto lanes) {
    const F8 d = load(dOut + c, lanes) * (load(x + c, lanes) * rstd);
    store(sums + c, load(sums + c, lanes) + d, lanes);
  });
}

// Rows in a fixed number of blocks, each with its own partial sum of dWeight.
template <typename T, typename R>
void backward(const Z2RmsNormBackward& a, int threads) {
  const DropoutMask mask(a.dropout);
  auto* partial = static_cast<float*>(a.workspace);
  const int64_t rows = (a.N + kWeightGradBlocks - 1) / kWeightGradBlocks;
  const auto firstRow = [&](int64_t block) { return block * rows < a.N ? block * rows : a.N; };
  parallelFor(threads, kWeightGradBlocks, rows * a.C, [&](int64_t block) {
    float* sums = partial + block * a.C;
    std::memset(sums, 0, static_cast<size_t>(a.C) * sizeof(float));
    for (int64_t n = firstRow(block); n < firstRow(block + 1); ++n) {
      weightGradientRow<T, R>(a, n, sums);
      if (a.outAgain != nullptr) outAgainRow<T, R>(a, n);
      if (a.fused == 0) continue;
      residualGradientRow<T, R>(a, n);
      if (a.dDelta != nullptr) deltaGradientRow<T, R>(a, mask, n);
    }
  });
  if (a.fused == 0) {
    parallelFor(threads, a.N, a.C, [&](int64_t n) { residualGradientRow<T, R>(a, n); });
    if (a.dDelta != nullptr) {
      parallelFor(threads, a.N, a.C, [&](int64_t n) { deltaGradientRow<T, R>(a, mask, n); });
    }
  }
  forLanes(a.C, [&](int64_t c, auto lanes) {
    F8 total = load(a.dWeight + c, lanes);
    for (int64_t b = 0; b < kWeightGradBlocks; ++b) total += load(partial + b * a.C + c, lanes);
    store(a.dWeight + c, total, lanes);
  });
}

}  // namespace

void rmsNormForward(const Z2RmsNormForward& a, int threads) {
  withType(a.type, [&](auto element) {
    withType(a.residualType,
             [&](auto residual) { forward<decltype(element), decltype(residual)>(a, threads); });
  });
}

void rmsNormBackward(const Z2RmsNormBackward& a, int threads) {
  withType(a.type, [&](auto element) {
    withType(a.residualType,
             [&](auto residual) { backward<decltype(element), decltype(residual)>(a, threads); });
  });
}

}  // namespace Z2_ISA
}  // namespace z2
