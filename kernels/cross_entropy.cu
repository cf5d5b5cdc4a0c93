// Cross-entropy in place: a block a row; the first pass keeps a running maximum and sum, the second
// reads the row again (it is in the L2 cache) and writes the gradient over it.

#include "kernels/cuda/element.cuh"
#include "kernels/cuda/launchers.h"

namespace z2::cuda {

namespace {

// So that two rows are on a multiprocessor and each thread has four reads on their way (measured).
constexpr int kThreads = 512;
constexpr int kBlocks = 2;  // of a multiprocessor
constexpr int kAtOnce = 4;  // vectors that a thread reads at once

// kAtOnce vectors of a row of V elements, of which thread t's first begins at `first`.
template <typename T, int W>
struct Piece {
  static constexpr int kStride = kThreads * W;
  Vector<T, W> at[kAtOnce];

  __device__ __forceinline__ void read(const T* row, int64_t first, int64_t V) {
#pragma unroll
    for (int u = 0; u < kAtOnce; ++u)
      if (first + u * kStride < V)
        at[u] = *reinterpret_cast<const Vector<T, W>*>(row + first + u * kStride);
  }
  // Calls use(element, where it is in the row) for each vector that is there.
  template <typename Use>
  __device__ __forceinline__ void each(int64_t first, int64_t V, const Use& use) {
#pragma unroll
    for (int u = 0; u < kAtOnce; ++u)
      if (first + u * kStride < V) use(at[u], first + u * kStride);
  }
};

// The greatest of what a thread has seen, and the sum of exponentials relative to it.
struct MaxAndSum {
  float max = -INFINITY, sum = 0.f;

  // What has to be taken from logits: nothing while there is none but -infinity.
  [[nodiscard]] __device__ __forceinline__ static float baseOf(float max) {
    return max == -INFINITY ? 0.f : max * kLog2e;
  }
  template <typename T, int W>
  __device__ __forceinline__ void include(Piece<T, W>& piece, int64_t first, int64_t V) {
    float now = max;
    piece.each(first, V, [&](const Vector<T, W>& x, int64_t) {
#pragma unroll
      for (int i = 0; i < W; ++i) now = fmaxf(now, toFloat(x.at[i]));
    });
    const float base = baseOf(now);
    sum *= exp2Fast(fmaf(max, kLog2e, -base));
    max = now;
    piece.each(first, V, [&](const Vector<T, W>& x, int64_t) {
#pragma unroll
      for (int i = 0; i < W; ++i) sum += exp2Fast(fmaf(toFloat(x.at[i]), kLog2e, -base));
    });
  }
};

template <typename T, int W>
__global__ void __launch_bounds__(kThreads, kBlocks) lossKernel(Z2CrossEntropy p) {
  __shared__ float shared[32];
  constexpr int64_t kStep = int64_t{kAtOnce} * Piece<T, W>::kStride;
  const int64_t row = blockIdx.x, begin = static_cast<int64_t>(threadIdx.x) * W;
  T* const logits = static_cast<T*>(p.logits) + row * p.V;
  const int32_t target = p.targets[row];
  if (target < 0) {
    if (threadIdx.x == 0) {
      p.loss[row] = 0.f;
      if (p.logProb != nullptr) p.logProb[row] = 0.f;
    }
    if (!p.writeGradient) return;
    const float zero[W] = {};
    for (int64_t v = begin; v < p.V; v += Piece<T, W>::kStride) store<W>(logits + v, zero);
    return;
  }
  // Read before the second pass overwrites it.
  const float targetLogit = toFloat(logits[target]);
  MaxAndSum own;
  Piece<T, W> piece;
  for (int64_t v = begin; v < p.V; v += kStep) {
    piece.read(logits, v, p.V);
    own.include(piece, v, p.V);
  }
  const float max = blockMax(own.max, shared), base = MaxAndSum::baseOf(max);
  const float sum = blockSum(own.sum * exp2Fast(fmaf(own.max, kLog2e, -base)), shared);
  const float lse = max + logf(sum);
  if (threadIdx.x == 0) {
    p.loss[row] = lse - targetLogit;
    if (p.logProb != nullptr) p.logProb[row] = targetLogit - lse;
  }
  if (!p.writeGradient) return;
  const float scale = p.weights == nullptr ? p.gradScale : p.gradScale * p.weights[row];
  for (int64_t v = begin; v < p.V; v += kStep) {
    piece.read(logits, v, p.V);
    piece.each(v, p.V, [&](const Vector<T, W>& x, int64_t at) {
      float gradient[W];
#pragma unroll
      for (int i = 0; i < W; ++i)
        gradient[i] = exp2Fast(fmaf(toFloat(x.at[i]), kLog2e, -lse * kLog2e)) * scale;
      if (at <= target && target < at + W) {
#pragma unroll
        for (int i = 0; i < W; ++i)
          if (at + i == target) gradient[i] -= scale;
      }
      store<W>(logits + at, gradient);
    });
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
