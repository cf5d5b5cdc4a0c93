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
  int most = 0;
  if (index < p.N * packs) {
    const int64_t n = index / packs, f = index % packs * W;
    const T* row = static_cast<const T*>(p.gateUp) + n * 2 * p.F + f;
    float gate[W], up[W];
    load<W>(row, gate);
    load<W>(row + p.F, up);
#pragma unroll
    for (int i = 0; i < W; ++i) gate[i] = gate[i] * sigmoid(gate[i]) * up[i];
    store<W>(static_cast<T*>(p.out) + n * p.F + f, gate);
    most = greatest(most, gate);
  }
  if (p.amax != nullptr) raise<T>(p.amax, most);
}

// Returns the greatest magnitude that it wrote to dGateUp.
template <typename T, int W>
__device__ __forceinline__ int backwardPack(const Z2SwigluBackward& p, int64_t packs,
                                            int64_t index) {
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
  return greatest(greatest(0, gate), up);
}

template <typename T, int W>
__global__ void backwardKernel(Z2SwigluBackward p) {
  const int64_t packs = p.F / W;
  const int64_t index = static_cast<int64_t>(blockIdx.x) * kThreads + threadIdx.x;
  const int most = index < p.N * packs ? backwardPack<T, W>(p, packs, index) : 0;
  if (p.amax != nullptr) raise<T>(p.amax, most);
}

// out = silu(gate), then out *= up: what the forward is without fusing.
template <typename T, int W, bool kMultiplies>
__global__ void passKernel(Z2SwigluForward p) {
  const int64_t packs = p.F / W;
  const int64_t index = static_cast<int64_t>(blockIdx.x) * kThreads + threadIdx.x;
  if (index >= p.N * packs) return;
  const int64_t n = index / packs, f = index % packs * W;
  T* out = static_cast<T*>(p.out) + n * p.F + f;
  float x[W], y[W];
  load<W>(static_cast<const T*>(p.gateUp) + n * 2 * p.F + (kMultiplies ? p.F : 0) + f, x);
  if (kMultiplies) load<W>(out, y);
#pragma unroll
  for (int i = 0; i < W; ++i) x[i] *= kMultiplies ? y[i] : sigmoid(x[i]);
  store<W>(out, x);
}

unsigned blocksFor(int64_t N, int64_t F, int W) {
  return static_cast<unsigned>(divideUp(N * (F / W), kThreads));
}

template <typename T, int W>
Z2Status launchForward(Z2Context* context, const Z2SwigluForward& p) {
  const unsigned blocks = blocksFor(p.N, p.F, W);
  if (p.fused) {
    forwardKernel<T, W><<<blocks, kThreads, 0, context->stream>>>(p);
    return check(context, cudaGetLastError(), "swigluForward");
  }
  passKernel<T, W, false><<<blocks, kThreads, 0, context->stream>>>(p);
  passKernel<T, W, true><<<blocks, kThreads, 0, context->stream>>>(p);
  if (const Z2Status status = check(context, cudaGetLastError(), "swigluForward");
      status != Z2_OK || p.amax == nullptr)
    return status;
  const Z2Amax measure{p.amax, p.out, p.N * p.F, p.type};
  return amax(context, &measure);
}

}  // namespace

Z2Status swigluForward(Z2Context* context, const Z2SwigluForward* p) {
  if (p->N <= 0 || p->F <= 0) return Z2_OK;
  auto byType = [&]<typename T>() {
    return p->F % 8 == 0 ? launchForward<T, 8>(context, *p) : launchForward<T, 1>(context, *p);
  };
  return Z2_BY_TYPE(context, p->type, byType);
}

Z2Status swigluBackward(Z2Context* context, const Z2SwigluBackward* p) {
  if (p->N <= 0 || p->F <= 0) return Z2_OK;
  if (!p->fused && p->out != nullptr) {
    const Z2SwigluForward again{p->out, p->gateUp, p->N, p->F, p->type, 0, nullptr};
    if (const Z2Status status = swigluForward(context, &again); status != Z2_OK) return status;
    Z2SwigluBackward rest = *p;
    rest.out = nullptr;
    return swigluBackward(context, &rest);
  }
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
