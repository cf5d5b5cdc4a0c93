#pragma once

// The product of a strip of six rows with a panel of sixteen columns, all sums in registers: what
// matrix products and attention are made of.

#include "kernels/cpu/simd.h"

namespace z2 {
inline namespace Z2_ISA {

constexpr int64_t kStripRows = 6;
constexpr int64_t kPanelColumns = 16;

struct Tile {
  F8 sums[kStripRows][2];
};

// sums[i][:] = sum_k a[i * rowStride + k * kStride] * panel[k][:]; panel: [K, 16].
Z2_INLINE void multiplyTile(Tile& tile, int64_t K, const float* a, int64_t rowStride,
                            int64_t kStride, const float* panel) {
  F8 c00{}, c01{}, c10{}, c11{}, c20{}, c21{}, c30{}, c31{}, c40{}, c41{}, c50{}, c51{};
  for (int64_t k = 0; k < K; ++k) {
    const F8 b0 = load(panel + k * kPanelColumns);
    const F8 b1 = load(panel + k * kPanelColumns + kLanes);
    const float* column = a + k * kStride;
    F8 x = splat(column[0]);
    c00 += x * b0;
    c01 += x * b1;
    x = splat(column[rowStride]);
    c10 += x * b0;
    c11 += x * b1;
    x = splat(column[2 * rowStride]);
    c20 += x * b0;
    c21 += x * b1;
    x = splat(column[3 * rowStride]);
    c30 += x * b0;
    c31 += x * b1;
    x = splat(column[4 * rowStride]);
    c40 += x * b0;
    c41 += x * b1;
    x = splat(column[5 * rowStride]);
    c50 += x * b0;
    c51 += x * b1;
  }
  tile = {{{c00, c01}, {c10, c11}, {c20, c21}, {c30, c31}, {c40, c41}, {c50, c51}}};
}

}  // namespace Z2_ISA
}  // namespace z2
