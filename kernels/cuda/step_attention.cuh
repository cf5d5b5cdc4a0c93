#pragma once

// Attention of one new position (Z2AttentionStep): what lanes know of a head's positions, and how
// it is put together.

#include <cstdint>

#include "kernels/cuda/element.cuh"

namespace z2::cuda::attention {

constexpr int kElements = 8;  // of a head that a lane holds

// Of the maximum `most`, for sums that were made with the maximum `its`.
__device__ __forceinline__ float rescale(float its, float most) {
  return its == -INFINITY ? 0.f : __expf(its - most);
}

// What a group of lanes knows of a head: its greatest score, the sum of the weights and that of the
// weighted values, both relative to it.
template <int kHeads>
struct Running {
  float most[kHeads], weight[kHeads] = {}, values[kHeads][kElements] = {};

  __device__ Running() {
#pragma unroll
    for (int h = 0; h < kHeads; ++h) most[h] = -INFINITY;
  }
  // What is known so far, relative to the greatest score that is known by now.
  __device__ __forceinline__ void raise(int h, float now) {
    const float scale = rescale(most[h], now);
    most[h] = now;
    weight[h] *= scale;
#pragma unroll
    for (int i = 0; i < kElements; ++i) values[h][i] *= scale;
  }
  template <typename T, int N>
  __device__ __forceinline__ void add(int h, const float (&scores)[N],
                                      const Vector<T, kElements> (&value)[N]) {
    float now = most[h];
#pragma unroll
    for (int j = 0; j < N; ++j) now = fmaxf(now, scores[j]);
    raise(h, now);
#pragma unroll
    for (int j = 0; j < N; ++j) {
      const float w = rescale(scores[j], now);
      weight[h] += w;
#pragma unroll
      for (int i = 0; i < kElements; ++i)
        values[h][i] = fmaf(w, toFloat(value[j].at[i]), values[h][i]);
    }
  }
  // Over the groups of a warp.
  template <int kLanes>
  __device__ __forceinline__ void overWarp() {
#pragma unroll
    for (int h = 0; h < kHeads; ++h) {
      float now = most[h];
#pragma unroll
      for (int offset = kLanes; offset < 32; offset *= 2)
        now = fmaxf(now, __shfl_xor_sync(~0u, now, offset));
      raise(h, now);
#pragma unroll
      for (int offset = kLanes; offset < 32; offset *= 2) {
        weight[h] += __shfl_xor_sync(~0u, weight[h], offset);
#pragma unroll
        for (int i = 0; i < kElements; ++i)
          values[h][i] += __shfl_xor_sync(~0u, values[h][i], offset);
      }
    }
  }
};

}  // namespace z2::cuda::attention
