// RMSNorm fused with the residual add. A block a row in forward; in backward each block walks over
// many rows, keeps its columns' share of the weight's gradient in registers, and a second kernel
// adds the blocks' shares in their order, so that the sum is the same on every run.

#include <algorithm>

#include "kernels/cuda/element.cuh"
#include "kernels/cuda/launchers.h"

namespace z2::cuda {

namespace {

constexpr int kMaxThreads = 512;
template <int W>
constexpr int kPacks = 32 / W;  // packs of W columns that a thread can hold in registers

// Threads so that each holds as few packs as possible; 0: the row is too long.
template <int W>
int threadsFor(int64_t C) {
  const int64_t packs = divideUp(C, W);
  const int64_t threads = std::min<int64_t>(kMaxThreads, divideUp(packs, 32) * 32);
  return divideUp(packs, threads) <= kPacks<W> ? static_cast<int>(threads) : 0;
}

template <typename T, typename R, int W, bool kAdds>
__global__ void __launch_bounds__(kMaxThreads) forwardKernel(Z2RmsNormForward p) {
  __shared__ float shared[32];
  const int64_t row = blockIdx.x;
  const R* residualIn = static_cast<const R*>(p.residualIn) + row * p.C;
  float x[kPacks<W>][W];
  float squares = 0.f;
#pragma unroll
  for (int k = 0; k < kPacks<W>; ++k) {
    const int64_t c = (static_cast<int64_t>(k) * blockDim.x + threadIdx.x) * W;
    if (c >= p.C) break;
    load<W>(residualIn + c, x[k]);
    if constexpr (kAdds) {
      float delta[W];
      load<W>(static_cast<const T*>(p.delta) + row * p.C + c, delta);
#pragma unroll
      for (int i = 0; i < W; ++i) {
        // Rounded as stored: backward normalises what it reads.
        x[k][i] = toFloat(
            fromFloat<R>(x[k][i] + dropoutFactor(p.dropout, row * p.C + c + i) * delta[i]));
      }
      store<W>(static_cast<R*>(p.residualOut) + row * p.C + c, x[k]);
    }
#pragma unroll
    for (int i = 0; i < W; ++i) squares += x[k][i] * x[k][i];
  }
  const float rstd = rsqrtf(blockSum(squares, shared) / static_cast<float>(p.C) + p.eps);
  if (threadIdx.x == 0) p.rstd[row] = rstd;
#pragma unroll
  for (int k = 0; k < kPacks<W>; ++k) {
    const int64_t c = (static_cast<int64_t>(k) * blockDim.x + threadIdx.x) * W;
    if (c >= p.C) break;
    float weight[W];
    load<W>(static_cast<const T*>(p.weight) + c, weight);
#pragma unroll
    for (int i = 0; i < W; ++i) x[k][i] *= rstd * weight[i];
    store<W>(static_cast<T*>(p.out) + row * p.C + c, x[k]);
  }
}

template <typename T, typename R, int W>
__global__ void __launch_bounds__(kMaxThreads) backwardKernel(Z2RmsNormBackward p, float* partial) {
  __shared__ float shared[32];
  float weightGrad[kPacks<W>][W] = {};
  for (int64_t row = blockIdx.x; row < p.N; row += gridDim.x) {
    const float rstd = p.rstd[row];
    float x[kPacks<W>][W], g[kPacks<W>][W];
    float dot = 0.f;
#pragma unroll
    for (int k = 0; k < kPacks<W>; ++k) {
      const int64_t c = (static_cast<int64_t>(k) * blockDim.x + threadIdx.x) * W;
      if (c >= p.C) break;
      float weight[W];
      load<W>(static_cast<const R*>(p.residual) + row * p.C + c, x[k]);
      load<W>(static_cast<const T*>(p.dOut) + row * p.C + c, g[k]);
      load<W>(static_cast<const T*>(p.weight) + c, weight);
#pragma unroll
      for (int i = 0; i < W; ++i) {
        weightGrad[k][i] += g[k][i] * x[k][i] * rstd;
        g[k][i] *= weight[i];
        dot += g[k][i] * x[k][i];
      }
    }
    const float shift = blockSum(dot, shared) / static_cast<float>(p.C) * rstd * rstd;
#pragma unroll
    for (int k = 0; k < kPacks<W>; ++k) {
      const int64_t c = (static_cast<int64_t>(k) * blockDim.x + threadIdx.x) * W;
      if (c >= p.C) break;
      R* place = static_cast<R*>(p.dResidual) + row * p.C + c;
      float before[W] = {};
      if (p.accumulate) load<W>(place, before);
#pragma unroll
      for (int i = 0; i < W; ++i) x[k][i] = before[i] + rstd * (g[k][i] - x[k][i] * shift);
      store<W>(place, x[k]);
      if (p.dDelta != nullptr) {
#pragma unroll
        for (int i = 0; i < W; ++i) x[k][i] *= dropoutFactor(p.dropout, row * p.C + c + i);
        store<W>(static_cast<T*>(p.dDelta) + row * p.C + c, x[k]);
      }
    }
  }
#pragma unroll
  for (int k = 0; k < kPacks<W>; ++k) {
    const int64_t c = (static_cast<int64_t>(k) * blockDim.x + threadIdx.x) * W;
    if (c < p.C) {
#pragma unroll
      for (int i = 0; i < W; ++i) partial[blockIdx.x * p.C + c + i] = weightGrad[k][i];
    }
  }
}

// dWeight[c] += sum over blocks, 32 columns × 8 slices of the blocks a thread block.
__global__ void reduceKernel(float* dWeight, const float* partial, int64_t blocks, int64_t C) {
  __shared__ float slices[8][33];
  const int64_t c = static_cast<int64_t>(blockIdx.x) * 32 + threadIdx.x;
  float sum = 0.f;
  if (c < C)
    for (int64_t b = threadIdx.y; b < blocks; b += 8) sum += partial[b * C + c];
  slices[threadIdx.y][threadIdx.x] = sum;
  __syncthreads();
  if (threadIdx.y != 0 || c >= C) return;
  sum = 0.f;
  for (int slice = 0; slice < 8; ++slice) sum += slices[slice][threadIdx.x];
  dWeight[c] += sum;
}

int64_t backwardBlocks(const Z2Context* context, int64_t N) {
  return std::min<int64_t>(N, static_cast<int64_t>(context->multiprocessors) * 4);
}

// Calls body.template operator()<W>() with the widest vector that C's rows allow.
template <typename Body>
Z2Status byWidth(int64_t C, Body body) {
  if (C % 8 == 0) return body.template operator()<8>();
  if (C % 2 == 0) return body.template operator()<2>();
  return body.template operator()<1>();
}

template <int W>
Z2Status tooLong(Z2Context* context, int64_t C) {
  return fail(context, Z2_INVALID, "rmsNorm: rows of " + std::to_string(C) + " are too long");
}

}  // namespace

Z2Status rmsNormForward(Z2Context* context, const Z2RmsNormForward* p) {
  if (p->N <= 0) return Z2_OK;
  auto byType = [&]<typename T>() {
    auto byResidual = [&]<typename R>() {
      return byWidth(p->C, [&]<int W>() {
        const int threads = threadsFor<W>(p->C);
        if (threads == 0) return tooLong<W>(context, p->C);
        const auto blocks = static_cast<unsigned>(p->N);
        if (p->delta != nullptr)
          forwardKernel<T, R, W, true><<<blocks, threads, 0, context->stream>>>(*p);
        else
          forwardKernel<T, R, W, false><<<blocks, threads, 0, context->stream>>>(*p);
        return check(context, cudaGetLastError(), "rmsNormForward");
      });
    };
    return Z2_BY_TYPE(context, p->residualType, byResidual);
  };
  return Z2_BY_TYPE(context, p->type, byType);
}

size_t rmsNormBackwardWorkspace(Z2Context* context, int64_t N, int64_t C) {
  return static_cast<size_t>(backwardBlocks(context, N) * C) * sizeof(float);
}

Z2Status rmsNormBackward(Z2Context* context, const Z2RmsNormBackward* p) {
  if (p->N <= 0) return Z2_OK;
  const int64_t blocks = backwardBlocks(context, p->N);
  auto* partial = static_cast<float*>(p->workspace);
  auto byType = [&]<typename T>() {
    auto byResidual = [&]<typename R>() {
      return byWidth(p->C, [&]<int W>() {
        const int threads = threadsFor<W>(p->C);
        if (threads == 0) return tooLong<W>(context, p->C);
        backwardKernel<T, R, W>
            <<<static_cast<unsigned>(blocks), threads, 0, context->stream>>>(*p, partial);
        return check(context, cudaGetLastError(), "rmsNormBackward");
      });
    };
    return Z2_BY_TYPE(context, p->residualType, byResidual);
  };
  const Z2Status status = Z2_BY_TYPE(context, p->type, byType);
  if (status != Z2_OK) return status;
  reduceKernel<<<static_cast<unsigned>(divideUp(p->C, 32)), dim3(32, 8), 0, context->stream>>>(
      p->dWeight, partial, blocks, p->C);
  return check(context, cudaGetLastError(), "rmsNormBackward");
}

}  // namespace z2::cuda
