// The most likely token of each row, ties to the smaller id: a cluster of blocks a row (before
// Hopper one block).

#include <climits>

#include "kernels/cuda/cluster.cuh"
#include "kernels/cuda/dependent_launch.cuh"
#include "kernels/cuda/element.cuh"
#include "kernels/cuda/launchers.h"

namespace z2::cuda {

namespace {

constexpr int kThreads = 1024;

struct Best {
  float logit;
  int id;  // INT_MAX: none yet

  __device__ void take(float otherLogit, int otherId) {
    if (otherId == INT_MAX) return;
    if (id != INT_MAX && (otherLogit < logit || (otherLogit == logit && otherId > id))) return;
    logit = otherLogit;
    id = otherId;
  }
  __device__ void overWarp() {
#pragma unroll
    for (int offset = 16; offset > 0; offset /= 2) {
      const float otherLogit = __shfl_xor_sync(~0u, logit, offset);
      take(otherLogit, __shfl_xor_sync(~0u, id, offset));
    }
  }
};

__global__ void __launch_bounds__(kThreads) greedyKernel(Z2Greedy p) {
  __shared__ Best warps[kThreads / 32], its;
  letNextBegin();
  waitForPrevious();
  const int64_t m = blockIdx.y;
  const int rank = static_cast<int>(blockIdx.x), ranks = static_cast<int>(gridDim.x);
  const int stride = ranks * kThreads;
  const float* logits = p.logits + m * p.V;
  Best best = {-INFINITY, INT_MAX};
  constexpr int kAtOnce = 8;  // loads under way
  for (int first = rank * kThreads + static_cast<int>(threadIdx.x); first < p.V;
       first += kAtOnce * stride) {
    float x[kAtOnce];
#pragma unroll
    for (int i = 0; i < kAtOnce; ++i)
      x[i] = first + i * stride < p.V ? __ldcg(logits + first + i * stride) : NAN;
#pragma unroll
    for (int i = 0; i < kAtOnce; ++i)
      if (!isnan(x[i])) best.take(x[i], first + i * stride);
  }
  best.overWarp();
  if (threadIdx.x % 32 == 0) warps[threadIdx.x / 32] = best;
  __syncthreads();
  if (threadIdx.x < 32) {
    best = warps[threadIdx.x];
    best.overWarp();
    if (threadIdx.x == 0) its = best;
  }
  clusterBarrier();
  if (rank == 0 && threadIdx.x == 0) {
    for (int r = 1; r < ranks; ++r) {
      const Best other = *inBlock(&its, r);
      best.take(other.logit, other.id);
    }
    p.chosen[m] = best.id == INT_MAX ? -1 : best.id;
    p.tokens[m] = best.id == INT_MAX ? 0 : best.id;
    p.positions[m] += 1;
  }
  clusterBarrier();  // nobody leaves while its place is read
}

}  // namespace

Z2Status greedy(Z2Context* context, const Z2Greedy* p) {
  if (p->M <= 0) return Z2_OK;
  if (p->V <= 0 || p->V >= INT_MAX - kCluster * kThreads * 8)
    return fail(context, Z2_INVALID, "greedy: the vocabulary is empty or too large");
  const unsigned cluster = context->isHopper ? kCluster : 1;
  return launchDependent(context, "greedy", greedyKernel,
                         dim3(cluster, static_cast<unsigned>(p->M)), kThreads, 0, cluster, *p);
}

}  // namespace z2::cuda
