// Global norm and AdamW over flat fp32 buffers: each element is read once and written once.

#include <algorithm>

#include "kernels/cuda/element.cuh"
#include "kernels/cuda/launchers.h"

namespace z2::cuda {

namespace {

constexpr int kThreads = 256;
constexpr int kNormBlocks = 1024;

__device__ double blockSumDouble(double x) {
  __shared__ double shared[kThreads];
  shared[threadIdx.x] = x;
  __syncthreads();
  for (int stride = kThreads / 2; stride > 0; stride /= 2) {
    if (threadIdx.x < stride) shared[threadIdx.x] += shared[threadIdx.x + stride];
    __syncthreads();
  }
  return shared[0];
}

// Block b sums the elements of its own fixed slice.
__global__ void partialSquares(double* partial, const float* x, int64_t n, int64_t slice) {
  const int64_t begin = blockIdx.x * slice, end = min(n, begin + slice);
  double sum = 0;
  int64_t i = begin + threadIdx.x * 4;
  for (; i + 4 <= end; i += kThreads * 4) {
    float v[4];
    load<4>(x + i, v);
    sum += static_cast<double>(v[0] * v[0] + v[1] * v[1]) + (v[2] * v[2] + v[3] * v[3]);
  }
  for (; i < end; ++i) sum += static_cast<double>(x[i]) * x[i];
  sum = blockSumDouble(sum);
  if (threadIdx.x == 0) partial[blockIdx.x] = sum;
}

__global__ void totalSquares(double* out, const double* partial, int count, int accumulate) {
  double sum = 0;
  for (int i = threadIdx.x; i < count; i += kThreads) sum += partial[i];
  sum = blockSumDouble(sum);
  if (threadIdx.x == 0) out[0] = accumulate ? out[0] + sum : sum;
}

struct Correction {
  float first, second;  // 1 / (1 - beta^step)
};

template <typename T>
__global__ void update(Z2AdamW p, Correction correction) {
  const double squares = *p.squaredNorm;
  const bool isFinite = isfinite(squares);
  const float norm = static_cast<float>(sqrt(squares)) * p.gradScale;
  const float scale =
      p.gradScale * (p.maxNorm > 0.f ? fminf(1.f, p.maxNorm / (norm + 1e-6f)) : 1.f);
  const int64_t first = (static_cast<int64_t>(blockIdx.x) * kThreads + threadIdx.x) * 4;
  const int count = static_cast<int>(min(static_cast<int64_t>(4), p.n - first));
  if (count <= 0) return;
  float g[4] = {}, m[4] = {}, v[4] = {}, w[4] = {};
  if (count == 4) {
    load<4>(p.grad + first, g), load<4>(p.m + first, m);
    load<4>(p.v + first, v), load<4>(p.master + first, w);
  } else {
    for (int i = 0; i < count; ++i)
      g[i] = p.grad[first + i], m[i] = p.m[first + i], v[i] = p.v[first + i], w[i] = p.master[first + i];
  }
  const float zero[4] = {};
  if (isFinite) {
#pragma unroll
    for (int i = 0; i < 4; ++i) {
      const float grad = g[i] * scale;
      m[i] = p.beta1 * m[i] + (1.f - p.beta1) * grad;
      v[i] = p.beta2 * v[i] + (1.f - p.beta2) * grad * grad;
      const float step = m[i] * correction.first / (sqrtf(v[i] * correction.second) + p.eps);
      w[i] -= p.lr * (p.weightDecay * w[i] + step);
    }
  }
  if (count == 4) {
    if (isFinite) {
      store<4>(p.m + first, m), store<4>(p.v + first, v), store<4>(p.master + first, w);
      if (p.weights != nullptr) store<4>(static_cast<T*>(p.weights) + first, w);
    }
    if (p.zeroGrad) store<4>(p.grad + first, zero);
    return;
  }
  for (int i = 0; i < count; ++i) {
    if (isFinite) {
      p.m[first + i] = m[i], p.v[first + i] = v[i], p.master[first + i] = w[i];
      if (p.weights != nullptr) static_cast<T*>(p.weights)[first + i] = fromFloat<T>(w[i]);
    }
    if (p.zeroGrad) p.grad[first + i] = 0.f;
  }
}

// As passes one after the other: the update, rounding, zeroing.
Z2Status adamwByPasses(Z2Context* context, const Z2AdamW& p) {
  Z2AdamW updating = p;
  updating.weights = nullptr, updating.zeroGrad = 0, updating.fused = 1;
  if (const Z2Status status = adamw(context, &updating); status != Z2_OK) return status;
  if (p.weights != nullptr) {
    const Z2Convert rounding{p.weights, p.master, p.n, p.weightType, Z2_F32};
    if (const Z2Status status = convert(context, &rounding); status != Z2_OK) return status;
  }
  if (!p.zeroGrad) return Z2_OK;
  return check(context,
               cudaMemsetAsync(p.grad, 0, static_cast<size_t>(p.n) * sizeof(float),
                               context->stream),
               "adamw");
}

}  // namespace

size_t squaredNormWorkspace(Z2Context*, int64_t) { return kNormBlocks * sizeof(double); }

Z2Status squaredNorm(Z2Context* context, const Z2SquaredNorm* p) {
  auto* partial = static_cast<double*>(p->workspace);
  const int64_t slice = divideUp(divideUp(std::max<int64_t>(p->n, 1), kNormBlocks), 4) * 4;
  partialSquares<<<kNormBlocks, kThreads, 0, context->stream>>>(partial, p->x, p->n, slice);
  totalSquares<<<1, kThreads, 0, context->stream>>>(p->out, partial, kNormBlocks, p->accumulate);
  return check(context, cudaGetLastError(), "squaredNorm");
}

Z2Status adamw(Z2Context* context, const Z2AdamW* p) {
  if (p->n <= 0) return Z2_OK;
  if (!p->fused) return adamwByPasses(context, *p);
  const Correction correction{
      static_cast<float>(1.0 / (1.0 - pow(static_cast<double>(p->beta1), static_cast<double>(p->step)))),
      static_cast<float>(1.0 / (1.0 - pow(static_cast<double>(p->beta2), static_cast<double>(p->step))))};
  auto byType = [&]<typename T>() {
    update<T><<<static_cast<unsigned>(divideUp(p->n, kThreads * 4)), kThreads, 0,
                context->stream>>>(*p, correction);
    return check(context, cudaGetLastError(), "adamw");
  };
  return Z2_BY_TYPE(context, p->weightType, byType);
}

}  // namespace z2::cuda
