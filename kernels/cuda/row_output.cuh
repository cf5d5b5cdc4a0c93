#pragma once

// The outputs of a product with few rows (kernels/row_linear.h): how its columns are dealt out to
// blocks, the sums over a column's length, and what is done with them.

#include <cstdint>
#include <type_traits>

#include "kernels/cuda/element.cuh"
#include "kernels/row_linear.h"

namespace z2::cuda::rows {

constexpr int kMostRows = 8;
constexpr int kColumns = 8;  // of the product that a block makes at once
constexpr int kGroup = 4;    // vectors of a column that a thread multiplies at once

// Elements of a column that a warp's four lanes of that column read together.
template <typename T>
constexpr int kStep = 4 * kWidth<T>;

// What the blocks have to do, in units of kColumns columns; with kPaired a unit is half as many
// gated outputs.
template <bool kPaired>
struct Units {
  static constexpr int kOutputs = kPaired ? kColumns / 2 : kColumns;
  int width, count;  // outputs, units

  __host__ __device__ explicit Units(const Z2RowLinear& p)
      : width(static_cast<int>(kPaired ? p.N / 2 : p.N)),
        count((width + kOutputs - 1) / kOutputs) {}
  // The row of the weight that is column `column` of a unit; of the last one when there is none.
  __device__ int64_t row(int unit, int column) const {
    const int output = min(unit * kOutputs + column % kOutputs, width - 1);
    return column < kOutputs ? output : width + output;
  }
};

// A thread's sums over its part of a column's length: kColumns columns by kMostRows rows a warp.
template <typename T>
struct Sums {
  float at[kGroup][4] = {};  // of a tile, rows behind the eighth unused

  __device__ __forceinline__ void tile(float (&sum)[4], uint32_t x0, uint32_t x1, uint32_t w0,
                                       uint32_t w1) {
    const uint32_t none = 0;
    if constexpr (std::is_same_v<T, __half>)
      asm("mma.sync.aligned.m16n8k16.row.col.f32.f16.f16.f32 {%0, %1, %2, %3}, {%4, %5, %6, %5}, "
          "{%7, %8}, {%0, %1, %2, %3};"
          : "+f"(sum[0]), "+f"(sum[1]), "+f"(sum[2]), "+f"(sum[3])
          : "r"(x0), "r"(none), "r"(x1), "r"(w0), "r"(w1));
    else
      asm("mma.sync.aligned.m16n8k16.row.col.f32.bf16.bf16.f32 {%0, %1, %2, %3}, {%4, %5, %6, "
          "%5}, {%7, %8}, {%0, %1, %2, %3};"
          : "+f"(sum[0]), "+f"(sum[1]), "+f"(sum[2]), "+f"(sum[3])
          : "r"(x0), "r"(none), "r"(x1), "r"(w0), "r"(w1));
  }
  // `x`: what the thread's row has where its column has w; lanes 4 r .. 4 r + 3 hold row r.
  __device__ __forceinline__ void add(int j, const uint4& w, const T* x, int, int) {
    const uint4 its = *reinterpret_cast<const uint4*>(x);
    tile(at[j], its.x, its.y, w.x, w.y);
    tile(at[j], its.z, its.w, w.z, w.w);
  }
  __device__ __forceinline__ void write(float* part, int rows) const {
    const int row = static_cast<int>(threadIdx.x % 32 / 4), first = threadIdx.x % 4 * 2;
    if (row >= rows) return;
    float2 sum = {at[0][0], at[0][1]};
#pragma unroll
    for (int j = 1; j < kGroup; ++j) sum.x += at[j][0], sum.y += at[j][1];
    *reinterpret_cast<float2*>(part + row * kColumns + first) = sum;
  }
  static __device__ int rowOfLane(int rows) {
    return min(static_cast<int>(threadIdx.x % 32 / 4), rows - 1);
  }
};

template <>
struct Sums<float> {
  float at[kMostRows] = {};

  __device__ __forceinline__ void add(int, const uint4& w, const float* x, int rows, int pitch) {
    const auto& its = reinterpret_cast<const float4&>(w);
#pragma unroll
    for (int m = 0; m < kMostRows; ++m) {
      if (m >= rows) break;
      const float4 v = *reinterpret_cast<const float4*>(x + m * pitch);
      at[m] = fmaf(its.w, v.w, fmaf(its.z, v.z, fmaf(its.y, v.y, fmaf(its.x, v.x, at[m]))));
    }
  }
  __device__ __forceinline__ void write(float* part, int rows) const {
#pragma unroll
    for (int m = 0; m < kMostRows; ++m) {
      if (m >= rows) break;
      float sum = at[m];
      sum += __shfl_xor_sync(~0u, sum, 1);
      sum += __shfl_xor_sync(~0u, sum, 2);
      if (threadIdx.x % 4 == 0) part[m * kColumns + threadIdx.x % 32 / 4] = sum;
    }
  }
  static __device__ int rowOfLane(int) { return 0; }
};

// One warp puts the parts of a unit together and writes its outputs; what does not depend on them
// is read before. Parts: [kWarps, at least M, kColumns], `pitch` floats from one to the next.
template <typename T, typename Out, bool kPaired, int kWarps>
struct Finish {
  static constexpr int kOutputs = Units<kPaired>::kOutputs;
  float bias = 0.f, old[2] = {0.f, 0.f};

  __device__ void read(const Z2RowLinear& p, const Units<kPaired>& units, int unit) {
    const int lane = static_cast<int>(threadIdx.x % 32), column = lane % kColumns;
    if (p.bias != nullptr) bias = toFloat(static_cast<const T*>(p.bias)[units.row(unit, column)]);
    const int output = unit * kOutputs + column;
    if (!p.accumulate || column >= kOutputs || output >= units.width) return;
#pragma unroll
    for (int i = 0; i < 2; ++i) {
      const int64_t m = lane / kColumns + 4 * i;
      if (m < p.M)
        old[i] = toFloat(__ldcg(static_cast<const Out*>(p.out) + m * units.width + output));
    }
  }
  __device__ void write(const Z2RowLinear& p, const Units<kPaired>& units, int unit,
                        const float* parts, int pitch) const {
    const int lane = static_cast<int>(threadIdx.x % 32), column = lane % kColumns;
    const int quarter = lane / kColumns, output = unit * kOutputs + column;
    for (int m = 0; m < p.M; ++m) {
      float value = 0.f;
#pragma unroll
      for (int w = 0; w < kWarps; w += 4)
        value += parts[(w + quarter) * pitch + m * kColumns + column];
      value += __shfl_xor_sync(~0u, value, 8);
      value += __shfl_xor_sync(~0u, value, 16);
      value += bias;
      if constexpr (kPaired) {
        const float up = __shfl_down_sync(~0u, value, kOutputs);
        value = value / (1.f + __expf(-value)) * up;
      }
      if (quarter == m % 4 && column < kOutputs && output < units.width)
        static_cast<Out*>(p.out)[static_cast<int64_t>(m) * units.width + output] =
            fromFloat<Out>((m < 4 ? old[0] : old[1]) + value);
    }
  }
};

}  // namespace z2::cuda::rows
