// The most likely token of each row: a block a row, ties to the smaller id.

#include <climits>

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
  __shared__ Best shared[kThreads / 32];
  letNextBegin();
  waitForPrevious();
  const int64_t m = blockIdx.x;
  const float* logits = p.logits + m * p.V;
  Best best = {-INFINITY, INT_MAX};
  constexpr int kAtOnce = 16;  // loads under way
  for (int first = threadIdx.x; first < p.V; first += kAtOnce * kThreads) {
    float x[kAtOnce];
#pragma unroll
    for (int i = 0; i < kAtOnce; ++i)
      x[i] = first + i * kThreads < p.V ? logits[first + i * kThreads] : NAN;
#pragma unroll
    for (int i = 0; i < kAtOnce; ++i)
      if (!isnan(x[i])) best.take(x[i], first + i * kThreads);
  }
  best.overWarp();
  if (threadIdx.x % 32 == 0) shared[threadIdx.x / 32] = best;
  __syncthreads();
  if (threadIdx.x >= 32) return;
  best = shared[threadIdx.x];
  best.overWarp();
  if (threadIdx.x != 0) return;
  p.chosen[m] = best.id == INT_MAX ? -1 : best.id;
  p.tokens[m] = best.id == INT_MAX ? 0 : best.id;
  p.positions[m] += 1;
}

}  // namespace

Z2Status greedy(Z2Context* context, const Z2Greedy* p) {
  if (p->M <= 0) return Z2_OK;
  if (p->V <= 0 || p->V >= INT_MAX - kThreads)
    return fail(context, Z2_INVALID, "greedy: the vocabulary is empty or too large");
  return launchDependent(context, "greedy", greedyKernel, dim3(static_cast<unsigned>(p->M)),
                         kThreads, 0, *p);
}

}  // namespace z2::cuda
