#pragma once

// Blocks that run at the same time and read each other's shared memory (Hopper and later).

#include <cooperative_groups.h>

namespace z2::cuda {

// Of a row's work in generation; as many as every such device takes.
constexpr int kCluster = 8;

#if defined(__CUDA_ARCH__) && __CUDA_ARCH__ >= 900
__device__ __forceinline__ void clusterBarrier() { cooperative_groups::this_cluster().sync(); }

// The same place in the shared memory of another block of the cluster.
template <typename V>
__device__ __forceinline__ const V* inBlock(const V* place, int rank) {
  return cooperative_groups::this_cluster().map_shared_rank(place, rank);
}
#else
__device__ __forceinline__ void clusterBarrier() { __syncthreads(); }

template <typename V>
__device__ __forceinline__ const V* inBlock(const V* place, int) {
  return place;
}
#endif

}  // namespace z2::cuda
