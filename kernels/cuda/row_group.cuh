#pragma once

// Weights on their way through shared memory, in groups: what a warp of a product with few rows
// copies and multiplies at once, 256 bytes of each of eight columns, in 16 places of 16 bytes a
// column. Those of odd columns have their halves of 64 bytes changed, so that reading two columns
// takes all banks.

#include <cstdint>

#include "kernels/cuda/row_output.cuh"

namespace z2::cuda::rows {

constexpr int kVectorBytes = 16;
constexpr int kColumnBytes = kGroup * 4 * kVectorBytes;
constexpr int kWarpBytes = kColumns * kColumnBytes;

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

}  // namespace z2::cuda::rows
