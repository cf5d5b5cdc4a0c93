#pragma once

// What forward and backward of the CPU's attention share: where heads lie, masks, and products of
// small blocks.

#include "kernels/cpu/packing.h"
#include "kernels/ops.h"

namespace z2 {
inline namespace Z2_ISA {

// The heads of one row of the batch in the packed projection.
template <typename T>
struct Heads {
  template <typename Args>
  Heads(const Args& a, const T* qkv, int64_t b)
      : stride((a.Hq + 2 * a.Hkv) * a.D),
        D(a.D),
        Hq(a.Hq),
        Hkv(a.Hkv),
        row(qkv + b * a.T * stride) {}

  [[nodiscard]] const T* q(int64_t h) const { return row + h * D; }
  [[nodiscard]] const T* k(int64_t h) const { return row + (Hq + h) * D; }
  [[nodiscard]] const T* v(int64_t h) const { return row + (Hq + Hkv + h) * D; }

  int64_t stride, D, Hq, Hkv;
  const T* row;
};

// Visible columns of query i: first .. i.
template <typename Args>
Z2_INLINE int64_t firstVisible(const Args& a, int64_t b, int64_t i) {
  return a.documentStart == nullptr ? 0 : a.documentStart[b * a.T + i];
}

// The first column that any query of rows begin .. end sees.
template <typename Args>
Z2_INLINE int64_t firstVisible(const Args& a, int64_t b, int64_t begin, int64_t end) {
  int64_t first = end;
  for (int64_t i = begin; i < end; ++i) first = smaller(first, firstVisible(a, b, i));
  return first;
}

// Blocks of scores: a row block of queries against a column block of keys.
struct BlockSize {
  int64_t rows, columns;  // multiples of 6; of 6 and of 16
};

// rows x D elements as fp32, rows padded with 0 to a multiple of 6.
template <typename T>
Z2_INLINE void copyRows(float* to, const T* from, int64_t stride, int64_t rows, int64_t D) {
  for (int64_t r = 0; r < rows; ++r) {
    forLanes(D, [&](int64_t d, auto lanes) {
      store(to + r * D + d, load(from + r * stride + d, lanes), lanes);
    });
  }
  std::memset(to + rows * D, 0,
              static_cast<size_t>((roundUp(rows, kStripRows) - rows) * D) * sizeof(float));
}

// The other direction, times factor(row).
template <typename T, typename F>
Z2_INLINE void storeRows(T* to, int64_t toStride, const float* from, int64_t fromStride,
                         int64_t rows, int64_t D, F factor) {
  for (int64_t r = 0; r < rows; ++r) {
    const float scale = factor(r);
    forLanes(D, [&](int64_t d, auto lanes) {
      store(to + r * toStride + d, load(from + r * fromStride + d, lanes) * scale, lanes);
    });
  }
}

// Panels of keys (or values) j, transposed: out[j / 16][D][16]; `depth` D.
template <typename T>
Z2_INLINE void packAcross(float* out, const T* from, int64_t stride, int64_t rows, int64_t D) {
  for (int64_t j = 0; j < rows; j += kPanelColumns) {
    packPanel(out + j * D, from + j * stride, 1, stride, smaller(kPanelColumns, rows - j), D);
  }
}

// Panels of head columns: out[d / 16][depth][16] of `rows` rows; rows up to depth are 0.
template <typename T>
Z2_INLINE void packAlong(float* out, const T* from, int64_t stride, int64_t rows, int64_t D,
                         int64_t depth) {
  for (int64_t d = 0; d < D; d += kPanelColumns) {
    float* panel = out + d * depth;
    packPanel(panel, from + d, stride, 1, smaller(kPanelColumns, D - d), rows);
    std::memset(panel + rows * kPanelColumns, 0,
                static_cast<size_t>((depth - rows) * kPanelColumns) * sizeof(float));
  }
}

// A block of rows and the panels it is multiplied with.
struct Operands {
  const float* a;
  int64_t rowStride, kStride;
  const float* panels;
  int64_t panelStride;  // floats between panels
  int64_t depth;
};

// out[rows x columns] = a * panels, or += ; rows rounded up to 6, columns to 16.
template <bool accumulates>
Z2_INLINE void multiplyBlock(float* out, int64_t stride, int64_t rows, int64_t columns,
                             const Operands& x) {
  for (int64_t c = 0; c < columns; c += kPanelColumns) {
    const float* panel = x.panels + c / kPanelColumns * x.panelStride;
    for (int64_t r = 0; r < rows; r += kStripRows) {
      Tile tile;
      multiplyTile(tile, x.depth, x.a + r * x.rowStride, x.rowStride, x.kStride, panel);
      for (int64_t i = 0; i < kStripRows; ++i) {
        float* to = out + (r + i) * stride + c;
        if constexpr (accumulates) {
          store(to, load(to) + tile.sums[i][0]);
          store(to + kLanes, load(to + kLanes) + tile.sums[i][1]);
        } else {
          store(to, tile.sums[i][0]);
          store(to + kLanes, tile.sums[i][1]);
        }
      }
    }
  }
}

}  // namespace Z2_ISA
}  // namespace z2
