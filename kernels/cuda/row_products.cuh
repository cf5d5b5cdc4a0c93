#pragma once

// What kernels/row_linear.cu is made of: how the columns of a product are dealt out, the way of the
// weights through shared memory, and the sums over them.

#include <cstdint>
#include <type_traits>

#include "kernels/cuda/element.cuh"
#include "kernels/row_linear.h"

namespace z2::cuda::rows {

constexpr int kThreads = 256;
constexpr int kWarps = kThreads / 32;
constexpr int kMostRows = 8;
constexpr int kColumns = 8;  // of the product that a block makes at once
constexpr int kGroup = 4;    // vectors that a thread copies and multiplies at once
// Measured. Blocks that leave room for those of the kernel behind are slower: these then lie
// unevenly.
constexpr int kStages = 3;
constexpr int kBlocksEach = 2;  // of a multiprocessor

// Elements of a column that a warp's four lanes of that column read together, and that a block
// reads with one group of copies.
template <typename T>
constexpr int kStep = 4 * kWidth<T>;
template <typename T>
constexpr int kSpan = kWarps* kGroup* kStep<T>;

constexpr int kVectorBytes = 16;
constexpr int kGroupBytes = kGroup * kThreads * kVectorBytes;

template <int kPending>
__device__ __forceinline__ void waitForCopies() {
  asm volatile("cp.async.wait_group %0;" ::"n"(kPending) : "memory");
}

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

// The weights that one warp multiplies, in order: groups of a unit, then those of the block's next
// one. A group is 256 bytes of each of eight columns, in 16 places of 16 bytes a column; those of
// odd columns have their halves of 64 bytes changed, so that reading two columns takes all banks.
// No other warp touches its part of the ring.
template <typename T, bool kPaired>
class Stream {
 public:
  static constexpr int kColumnBytes = kGroup * 4 * kVectorBytes;
  static constexpr int kWarpBytes = kColumns * kColumnBytes;  // of a group

  __device__ Stream(const Z2RowLinear& p, unsigned char* ring)
      : units_(p),
        weight_(static_cast<const T*>(p.weight)),
        K_(static_cast<int>(p.K)),
        begin_(warp() * kGroup * kStep<T> + lane() % 16 * kWidth<T>),
        end_(begin_ + (K_ + kSpan<T> - 1) / kSpan<T> * kSpan<T>),
        unit_(static_cast<int>(blockIdx.x)),
        k_(begin_),
        ring_(static_cast<uint32_t>(__cvta_generic_to_shared(ring)) + warp() * kWarpBytes +
              lane() / 16 * kColumnBytes + ((lane() % 16) ^ (lane() / 16 * 4)) * kVectorBytes),
        place_(ring_) {
    findRow();
  }

  __device__ __forceinline__ void copyNext() {
    if (unit_ < units_.count) {
      const bool isThere = k_ < K_;  // else zeros
#pragma unroll
      for (int j = 0; j < kGroup; ++j) {
        const bool isWanted =
            isThere && unit_ * Units<kPaired>::kOutputs + outputOf(j) < units_.width;
        const int64_t rows =
            2 * j + (kPaired && j >= kGroup / 2 ? units_.width - Units<kPaired>::kOutputs : 0);
        asm volatile(
            "cp.async.cg.shared.global [%0], [%1], 16, %2;" ::"r"(place_ + 2 * j * kColumnBytes),
            "l"(isWanted ? row_ + rows * K_ + k_ : weight_), "r"(isWanted ? kVectorBytes : 0)
            : "memory");
      }
    }
    asm volatile("cp.async.commit_group;" ::: "memory");
    place_ += kGroupBytes;
    if (place_ == ring_ + kStages * kGroupBytes) place_ = ring_;
    k_ += kSpan<T>;
    if (k_ != end_) return;
    k_ = begin_;
    unit_ += static_cast<int>(gridDim.x);
    findRow();
  }
  // Where a lane finds the vector j of its column, from the place of a group on.
  static __device__ int placeOf(int j) {
    const int column = lane() / 4;
    return warp() * kWarpBytes + column * kColumnBytes +
           ((j * 4 + lane() % 4) ^ (column % 2 * 4)) * kVectorBytes;
  }

 private:
  static __device__ int warp() { return static_cast<int>(threadIdx.x / 32); }
  static __device__ int lane() { return static_cast<int>(threadIdx.x % 32); }
  // Of the lane's column 2 j or 2 j + 1.
  static __device__ int outputOf(int j) { return (2 * j + lane() / 16) % Units<kPaired>::kOutputs; }
  __device__ __forceinline__ void findRow() {
    row_ = weight_ + static_cast<int64_t>(unit_ * Units<kPaired>::kOutputs + lane() / 16) * K_;
  }

  Units<kPaired> units_;
  const T* weight_;
  int K_, begin_, end_, unit_, k_;
  const T* row_;
  uint32_t ring_, place_;
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

}  // namespace z2::cuda::rows
