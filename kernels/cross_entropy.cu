// Cross-entropy in place: a block a row; the first pass keeps a running maximum and sum, the second
// reads the row again (it is in the L2 cache) and writes the gradient over it.

#include "kernels/cuda/element.cuh"
#include "kernels/cuda/launchers.h"

namespace z2::cuda {

namespace {

constexpr int kThreads = 1024;

struct MaxAndSum {
  float max, sum;
};

template <int W>
__device__ __forceinline__ void include(MaxAndSum& state, const float (&x)[W]) {
  float max = state.max;
#pragma unroll
  for (int i = 0; i < W; ++i) max = fmaxf(max, x[i]);
  // All that came so far is -infinity: there is nothing to scale.
  float sum = state.max == -INFINITY ? 0.f : state.sum * __expf(state.max - max);
#pragma unroll
  for (int i = 0; i < W; ++i) sum += __expf(x[i] - max);
  state = {max, sum};
}

template <typename T, int W>
__global__ void lossKernel(Z2CrossEntropy p) {
  __shared__ float shared[32];
  const int64_t row = blockIdx.x;
  T* logits = static_cast<T*>(p.logits) + row * p.V;
  const int32_t target = p.targets[row];
  if (target < 0) {
    if (threadIdx.x == 0) {
      p.loss[row] = 0.f;
      if (p.logProb != nullptr) p.logProb[row] = 0.f;
    }
    if (!p.writeGradient) return;
    const float zero[W] = {};
    for (int64_t v = threadIdx.x * W; v < p.V; v += kThreads * W) store<W>(logits + v, zero);
    return;
  }
  // Read before the second pass overwrites it.
  const float targetLogit = toFloat(logits[target]);
  MaxAndSum own{-INFINITY, 0.f};
  for (int64_t v = threadIdx.x * W; v < p.V; v += kThreads * W) {
    float x[W];
    load<W>(logits + v, x);
    include(own, x);
  }
  const float max = blockMax(own.max, shared);
  const float sum = blockSum(own.sum != 0.f ? own.sum * __expf(own.max - max) : 0.f, shared);
  const float lse = max + logf(sum);
  if (threadIdx.x == 0) {
    p.loss[row] = lse - targetLogit;
    if (p.logProb != nullptr) p.logProb[row] = targetLogit - lse;
  }
  if (!p.writeGradient) return;
  const float scale = p.weights == nullptr ? p.gradScale : p.gradScale * p.weights[row];
  for (int64_t v = threadIdx.x * W; v < p.V; v += kThreads * W) {
    float x[W];
    load<W>(logits + v, x);
#pragma unroll
    for (int i = 0; i < W; ++i)
      x[i] = (__expf(x[i] - lse) - (v + i == target ? 1.f : 0.f)) * scale;
    store<W>(logits + v, x);
  }
}

// On an fp32 copy of the chunk.
Z2Status onCopy(Z2Context* context, const Z2CrossEntropy& p) {
  const int64_t n = p.N * p.V;
  const Z2Convert widen{p.workspace, p.logits, n, Z2_F32, p.type};
  if (const Z2Status status = convert(context, &widen); status != Z2_OK) return status;
  Z2CrossEntropy wide = p;
  wide.logits = p.workspace, wide.type = Z2_F32, wide.fused = 1;
  if (const Z2Status status = crossEntropy(context, &wide); status != Z2_OK) return status;
  if (!p.writeGradient) return Z2_OK;
  const Z2Convert round{p.logits, p.workspace, n, p.type, Z2_F32};
  return convert(context, &round);
}

}  // namespace

size_t crossEntropyWorkspace(Z2Context*, int64_t N, int64_t V) {
  return static_cast<size_t>(N * V) * sizeof(float);
}

Z2Status crossEntropy(Z2Context* context, const Z2CrossEntropy* p) {
  if (p->N <= 0) return Z2_OK;
  if (!p->fused) return onCopy(context, *p);
  auto byType = [&]<typename T>() {
    constexpr int W = kWidth<T>;
    if (p->V % W == 0)
      lossKernel<T, W><<<static_cast<unsigned>(p->N), kThreads, 0, context->stream>>>(*p);
    else
      lossKernel<T, 1><<<static_cast<unsigned>(p->N), kThreads, 0, context->stream>>>(*p);
    return check(context, cudaGetLastError(), "crossEntropy");
  };
  return Z2_BY_TYPE(context, p->type, byType);
}

}  // namespace z2::cuda
