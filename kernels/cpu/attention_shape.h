#pragma once

// Sizes of the blocks and of the scratch memory of attention's forward and backward.

#include "kernels/cpu/attention_parts.h"

namespace z2 {
inline namespace Z2_ISA {

constexpr int64_t kMostRows = 48;

// `fused` 0 takes all columns at once: the scores of a block of rows are materialised.
struct ForwardShape {
  ForwardShape(int64_t T, int64_t headSize, int32_t fused)
      : D(headSize),
        paddedT(roundUp(T, kPanelColumns)),
        paddedD(roundUp(headSize, kPanelColumns)),
        block{24, fused != 0 ? smaller(256, paddedT) : paddedT} {}

  [[nodiscard]] int64_t keyFloats() const { return paddedT * D; }
  [[nodiscard]] int64_t valueFloats() const { return paddedT * paddedD; }
  [[nodiscard]] int64_t floats() const {
    return roundUp(keyFloats() + valueFloats() + block.rows * (D + block.columns + paddedD), 16);
  }

  int64_t D, paddedT, paddedD;
  BlockSize block;
};

struct BackwardShape {
  static constexpr int64_t kColumns = 96;

  BackwardShape(int64_t T, int64_t headSize, int32_t fused)
      : D(headSize),
        paddedT(roundUp(T, kColumns)),
        paddedD(roundUp(headSize, kPanelColumns)),
        block{48, fused != 0 ? kColumns : paddedT} {}

  [[nodiscard]] int64_t floats() const {
    const int64_t ofKeys = 2 * paddedT * D + 3 * paddedT * paddedD;
    const int64_t ofQueries = block.rows * (2 * D + 3 * paddedD + 2 * block.columns);
    return roundUp(ofKeys + ofQueries, 16);
  }

  int64_t D, paddedT, paddedD;
  BlockSize block;
};

}  // namespace Z2_ISA
}  // namespace z2
