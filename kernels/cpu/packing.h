#pragma once

// Operands of the micro-kernel laid out as it reads them, widened to fp32 on the way.

#include "kernels/cpu/micro_kernel.h"

namespace z2 {
inline namespace Z2_ISA {

Z2_INLINE int64_t ceilDivide(int64_t x, int64_t y) { return (x + y - 1) / y; }
Z2_INLINE int64_t roundUp(int64_t x, int64_t unit) { return ceilDivide(x, unit) * unit; }
Z2_INLINE int64_t smaller(int64_t x, int64_t y) { return x < y ? x : y; }
Z2_INLINE int64_t larger(int64_t x, int64_t y) { return x > y ? x : y; }

// rows[i][j] becomes rows[j][i].
Z2_INLINE void transpose8(F8 (&r)[8]) {
  F8 t[8];
  F8 u[8];
  for (int i = 0; i < 8; i += 2) {
    t[i] = __builtin_shufflevector(r[i], r[i + 1], 0, 8, 1, 9, 4, 12, 5, 13);
    t[i + 1] = __builtin_shufflevector(r[i], r[i + 1], 2, 10, 3, 11, 6, 14, 7, 15);
  }
  for (int i = 0; i < 8; i += 4) {
    for (int j = 0; j < 2; ++j) {
      u[i + 2 * j] = __builtin_shufflevector(t[i + j], t[i + j + 2], 0, 1, 8, 9, 4, 5, 12, 13);
      u[i + 2 * j + 1] =
          __builtin_shufflevector(t[i + j], t[i + j + 2], 2, 3, 10, 11, 6, 7, 14, 15);
    }
  }
  for (int i = 0; i < 4; ++i) {
    r[i] = __builtin_shufflevector(u[i], u[i + 4], 0, 1, 2, 3, 8, 9, 10, 11);
    r[i + 4] = __builtin_shufflevector(u[i], u[i + 4], 4, 5, 6, 7, 12, 13, 14, 15);
  }
}

// Eight rows (fewer: the rest is 0) of eight elements each, transposed.
template <typename T>
Z2_INLINE void loadTransposed(F8 (&to)[8], const T* from, int64_t stride, int64_t rows) {
  for (int64_t i = 0; i < 8; ++i) to[i] = i < rows ? load(from + i * stride) : F8{};
  transpose8(to);
}

// out[k][16] of depth x columns elements b[k * kStride + column * columnStride], padded with 0.
template <typename T>
void packPanel(float* out, const T* b, int64_t kStride, int64_t columnStride, int64_t columns,
               int64_t depth) {
  int64_t done = 0;
  if (columnStride == 1 && columns == kPanelColumns) {
    for (; done < depth; ++done) {
      store(out + done * kPanelColumns, load(b + done * kStride));
      store(out + done * kPanelColumns + kLanes, load(b + done * kStride + kLanes));
    }
  } else if (kStride == 1) {
    for (; done + kLanes <= depth; done += kLanes) {
      for (int64_t half = 0; half < kPanelColumns; half += kLanes) {
        F8 block[8];
        loadTransposed(block, b + half * columnStride + done, columnStride, columns - half);
        for (int64_t k = 0; k < kLanes; ++k) {
          store(out + (done + k) * kPanelColumns + half, block[k]);
        }
      }
    }
  }
  for (int64_t k = done; k < depth; ++k) {
    for (int64_t c = 0; c < kPanelColumns; ++c) {
      out[k * kPanelColumns + c] = c < columns ? toFloat(b[k * kStride + c * columnStride]) : 0.0f;
    }
  }
}

// out[strip][k][6] of rows x depth elements a[row * rowStride + k * kStride], padded with 0. Up to
// two floats behind the last strip are written too: strips are stored eight wide, in order.
template <typename T>
void packStrips(float* out, const T* a, int64_t rowStride, int64_t kStride, int64_t rows,
                int64_t depth) {
  for (int64_t strip = 0; strip < rows; strip += kStripRows) {
    float* to = out + strip * depth;
    const T* from = a + strip * rowStride;
    const int64_t whole = smaller(kStripRows, rows - strip);
    int64_t done = 0;
    if (rowStride == 1 && strip + kLanes <= rows) {
      for (; done < depth; ++done) store(to + done * kStripRows, load(from + done * kStride));
    } else if (kStride == 1) {
      for (; done + kLanes <= depth; done += kLanes) {
        F8 block[8];
        loadTransposed(block, from + done, rowStride, whole);
        for (int64_t k = 0; k < kLanes; ++k) store(to + (done + k) * kStripRows, block[k]);
      }
    }
    for (int64_t k = done; k < depth; ++k) {
      for (int64_t r = 0; r < kStripRows; ++r) {
        to[k * kStripRows + r] = r < whole ? toFloat(from[r * rowStride + k * kStride]) : 0.0f;
      }
    }
  }
}

}  // namespace Z2_ISA
}  // namespace z2
