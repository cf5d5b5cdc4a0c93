// SwiGLU on the fused projection, forward and backward, 16 bytes a thread and access.

#include "kernels/cuda/element.cuh"
#include "kernels/cuda/launchers.h"

namespace z2::cuda {

namespace {

constexpr int kThreads = 256;

__device__ __forceinline__ float sigmoid(float x) { return 1.f / (1.f + __expf(-x)); }

template <typename T, int W>
__global__ void forwardKernel(Z2SwigluForward p) {
  const int64_t packs = p.F / W;
  const int64_t index = static_cast<int64_t>(blockIdx.x) * kThreads + threadIdx.x;
  if (index >= p.N * packs) return;
  const int64_t n = index / packs, f = index % packs * W;
  const T* row = static_cast<const T*>(p.gateUp) + n * 2 * p.F + f;
  float gate[W], up[W];
  load<W>(row, gate);
  load<W>(row + p.F, up);
#pragma unroll
  for (int i = 0; i < W; ++i) gate[i] = gate[i] * sigmoid(gate[i]) * up[i];
  store<W>(static_cast<T*>(p.out) + n * p.F + f, gate);
}

template <typename T, int W>
__global__ void backwardKernel(Z2SwigluBackward p) {
  const int64_t packs = p.F / W;
  const int64_t index = static_cast<int64_t>(blockIdx.x) * kThreads + threadIdx.x;
  if (index >= p.N * packs) return;
  const int64_t n = index / packs, f = index % packs * W;
  const T* row = static_cast<const T*>(p.gateUp) + n * 2 * p.F + f;
  float gate[W], up[W], grad[W], out[W];
  load<W>(row, gate);
  load<W>(row + p.F, up);
  load<W>(static_cast<const T*>(p.dOut) + n * p.F + f, grad);
#pragma unroll
  for (int i = 0; i < W; ++i) {
    const float s = sigmoid(gate[i]);
    const float silu = gate[i] * s;
    out[i] = silu * up[i];
    gate[i] = grad[i] * up[i] * s * (1.f + gate[i] * (1.f - s));
    up[i] = grad[i] * silu;
  }
  T* target = static_cast<T*>(p.dGateUp) + n * 2 * p.F + f;
  store<W>(target, gate);
  store<W>(target + p.F, up);
  if (p.out != nullptr) store<W>(static_cast<T*>(p.out) + n * p.F + f, out);
}

unsigned blocksFor(int64_t N, int64_t F, int W) {
  return static_cast<unsigned>(divideUp(N * (F / W), kThreads));
}

}  // namespace

Z2Status swigluForward(Z2Context* context, const Z2SwigluForward* p) {
  if (p->N <= 0 || p->F <= 0) return Z2_OK;
  auto byType = [&]<typename T>() {
    if (p->F % 8 == 0)
      forwardKernel<T, 8><<<blocksFor(p->N, p->F, 8), kThreads, 0, context->stream>>>(*p);
    else
      forwardKernel<T, 1><<<blocksFor(p->N, p->F, 1), kThreads, 0, context->stream>>>(*p);
    return check(context, cudaGetLastError(), "swigluForward");
  };
  return Z2_BY_TYPE(context, p->type, byType);
}

Z2Status swigluBackward(Z2Context* context, const Z2SwigluBackward* p) {
  if (p->N <= 0 || p->F <= 0) return Z2_OK;
  auto byType = [&]<typename T>() {
    if (p->F % 8 == 0)
      backwardKernel<T, 8><<<blocksFor(p->N, p->F, 8), kThreads, 0, context->stream>>>(*p);
    else
      backwardKernel<T, 1><<<blocksFor(p->N, p->F, 1), kThreads, 0, context->stream>>>(*p);
    return check(context, cudaGetLastError(), "swigluBackward");
  };
  return Z2_BY_TYPE(context, p->type, byType);
}

}  // namespace z2::cuda
