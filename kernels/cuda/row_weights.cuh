#pragma once

// The way of kernels/row_linear.cu's weights through shared memory, in groups: what a warp copies
// and multiplies at once, 256 bytes of each of eight columns, in 16 places of 16 bytes a column.
// Those of odd columns have their halves of 64 bytes changed, so that reading two columns takes all
// banks.

#include <cstdint>

#include "kernels/cuda/element.cuh"
#include "kernels/cuda/row_output.cuh"
#include "kernels/row_linear.h"

namespace z2::cuda::rows {

constexpr int kThreads = 256;
constexpr int kWarps = kThreads / 32;
// Measured. Blocks that leave room for those of the kernel behind are slower: these then lie
// unevenly.
constexpr int kStages = 3;
constexpr int kBlocksEach = 2;  // of a multiprocessor

// Elements of a column that a block reads with one group of copies.
template <typename T>
constexpr int kSpan = kWarps* kGroup* kStep<T>;

constexpr int kVectorBytes = 16;
constexpr int kColumnBytes = kGroup * 4 * kVectorBytes;
constexpr int kWarpBytes = kColumns * kColumnBytes;
constexpr int kGroupBytes = kWarps * kWarpBytes;  // of a block

// Where a lane puts what it copies of columns 0 (lanes 0 .. 15) and 1; other columns lie
// kColumnBytes apart.
__device__ __forceinline__ int placeToCopyTo() {
  const int lane = static_cast<int>(threadIdx.x % 32);
  return lane / 16 * kColumnBytes + ((lane % 16) ^ (lane / 16 * 4)) * kVectorBytes;
}

// Where a lane finds the vector j of its column, lane / 4.
__device__ __forceinline__ int placeInGroup(int j) {
  const int lane = static_cast<int>(threadIdx.x % 32), column = lane / 4;
  return column * kColumnBytes + ((j * 4 + lane % 4) ^ (column % 2 * 4)) * kVectorBytes;
}

// 16 bytes into shared memory; zeros where they are not wanted.
__device__ __forceinline__ void copyVector(uint32_t to, const void* from, bool isWanted) {
  asm volatile("cp.async.cg.shared.global [%0], [%1], 16, %2;" ::"r"(to), "l"(from),
               "r"(isWanted ? kVectorBytes : 0)
               : "memory");
}
__device__ __forceinline__ void endGroup() { asm volatile("cp.async.commit_group;" ::: "memory"); }
// Until all but the last kPending groups of this thread are there.
template <int kPending>
__device__ __forceinline__ void waitForCopies() {
  asm volatile("cp.async.wait_group %0;" ::"n"(kPending) : "memory");
}

// The weights that one warp multiplies, in order: groups of a unit, then those of the block's next
// one. No other warp touches its part of the ring.
template <typename T, bool kPaired>
class Stream {
 public:
  __device__ Stream(const Z2RowLinear& p, unsigned char* ring)
      : units_(p),
        weight_(static_cast<const T*>(p.weight)),
        K_(static_cast<int>(p.K)),
        begin_(warp() * kGroup * kStep<T> + lane() % 16 * kWidth<T>),
        end_(begin_ + (K_ + kSpan<T> - 1) / kSpan<T> * kSpan<T>),
        unit_(static_cast<int>(blockIdx.x)),
        k_(begin_),
        ring_(static_cast<uint32_t>(__cvta_generic_to_shared(ring)) + warp() * kWarpBytes +
              placeToCopyTo()),
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
        copyVector(place_ + 2 * j * kColumnBytes, isWanted ? row_ + rows * K_ + k_ : weight_,
                   isWanted);
      }
    }
    endGroup();
    place_ += kGroupBytes;
    if (place_ == ring_ + kStages * kGroupBytes) place_ = ring_;
    k_ += kSpan<T>;
    if (k_ != end_) return;
    k_ = begin_;
    unit_ += static_cast<int>(gridDim.x);
    findRow();
  }
  // Where a lane finds the vector j of its column, from the place of a group on.
  static __device__ int placeOf(int j) { return warp() * kWarpBytes + placeInGroup(j); }

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

}  // namespace z2::cuda::rows
