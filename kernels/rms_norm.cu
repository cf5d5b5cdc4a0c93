// RMSNorm fused with the residual add. A block a row in forward; in backward each block walks over
// many rows, keeps its columns' share of the weight's gradient in registers, and a second kernel
// adds the blocks' shares in their order, so that the sum is the same on every run.

#include <algorithm>

#include "kernels/cuda/codes.cuh"
#include "kernels/cuda/element.cuh"
#include "kernels/cuda/launchers.h"

namespace z2::cuda {

namespace {

constexpr int kMaxThreads = 512;
// Packs of W columns that a thread holds in registers: as few as the row's length allows.
constexpr int kMostPacks = 4;

template <int W>
int threadsFor(int64_t C) {
  return static_cast<int>(std::min<int64_t>(kMaxThreads, divideUp(divideUp(C, W), 32) * 32));
}

// Sum over the block with one barrier; `shared`: 32 floats that no sum used since the last barrier.
__device__ __forceinline__ float rowSum(float x, float* shared) {
  const int lane = threadIdx.x % 32, warps = (blockDim.x + 31) / 32;
  x = warpSum(x);
  if (lane == 0) shared[threadIdx.x / 32] = x;
  __syncthreads();
  return warpSum(lane < warps ? shared[lane] : 0.f);
}

// A row of forward on its way from memory.
template <typename T, typename R, int W, int kPacks>
struct Arriving {
  Packed<R, W> residual[kPacks];
  Packed<T, W> delta[kPacks];
};

template <bool kAdds, typename T, typename R, int W, int kPacks>
__device__ __forceinline__ void fetch(Arriving<T, R, W, kPacks>& to, const Z2RmsNormForward& p,
                                      int64_t row) {
  if (row >= p.N) return;
#pragma unroll
  for (int k = 0; k < kPacks; ++k) {
    const int64_t c = (static_cast<int64_t>(k) * blockDim.x + threadIdx.x) * W;
    if (c >= p.C) break;
    to.residual[k].fetch(static_cast<const R*>(p.residualIn) + row * p.C + c);
    if constexpr (kAdds) to.delta[k].fetch(static_cast<const T*>(p.delta) + row * p.C + c);
  }
}

// What the result is multiplied with for its codes (kernels/rms_norm.h); writes their scale. All
// threads; `shared`: 32 words that nothing used before.
template <int W, int kPacks>
__device__ __forceinline__ float boundFactor(Z2Scale* scale, const float (&weight)[kPacks][W],
                                             int64_t C, int* shared) {
  int most = 0;
#pragma unroll
  for (int k = 0; k < kPacks; ++k) most = greatest(most, weight[k]);
  most = __reduce_max_sync(~0u, most);
  if (threadIdx.x % 32 == 0) shared[threadIdx.x / 32] = most;
  __syncthreads();
  for (int warp = 0; warp < blockDim.x / 32; ++warp) most = max(most, shared[warp]);
  const float bound = __fmul_rn(__fsqrt_rn(static_cast<float>(C)), __int_as_float(most));
  const float right = scaleFor<Z2_E4M3>(__float_as_int(bound));
  if (blockIdx.x == 0 && threadIdx.x == 0) scale->scale = right;
  return 1.f / right;
}

// Each block walks over rows; the next one is on its way while one is worked on. `to` with codes:
// those are written in place of p.out.
template <typename T, typename R, int W, int kPacks, bool kAdds>
__global__ void __launch_bounds__(kMaxThreads) forwardKernel(Z2RmsNormForward p, Z2Codes to) {
  __shared__ float shared[2][32];
  const auto column = [](int k) {
    return (static_cast<int64_t>(k) * blockDim.x + threadIdx.x) * W;
  };
  float weight[kPacks][W] = {};
#pragma unroll
  for (int k = 0; k < kPacks; ++k)
    if (column(k) < p.C) load<W>(static_cast<const T*>(p.weight) + column(k), weight[k]);
  Arriving<T, R, W, kPacks> arriving;
  fetch<kAdds>(arriving, p, blockIdx.x);
  float factor = 1.f;
  if (to.codes != nullptr)
    factor = boundFactor(to.scale, weight, p.C, reinterpret_cast<int*>(shared[1]));
  int parity = 0;
  for (int64_t row = blockIdx.x; row < p.N; row += gridDim.x, parity ^= 1) {
    float x[kPacks][W];
    float squares = 0.f;
#pragma unroll
    for (int k = 0; k < kPacks; ++k) {
      const int64_t at = row * p.C + column(k);
      if (column(k) >= p.C) break;
      arriving.residual[k].unpack(x[k]);
      if constexpr (kAdds) {
        float delta[W];
        arriving.delta[k].unpack(delta);
        // Rounded as stored: backward normalises what it reads.
#pragma unroll
        for (int i = 0; i < W; ++i)
          x[k][i] = toFloat(fromFloat<R>(x[k][i] + dropoutFactor(p.dropout, at + i) * delta[i]));
      }
#pragma unroll
      for (int i = 0; i < W; ++i) squares += x[k][i] * x[k][i];
      if constexpr (kAdds) store<W>(static_cast<R*>(p.residualOut) + at, x[k]);
    }
    fetch<kAdds>(arriving, p, row + gridDim.x);
    const float rstd =
        rsqrtf(rowSum(squares, shared[parity]) / static_cast<float>(p.C) + p.eps);
    if (threadIdx.x == 0) p.rstd[row] = rstd;
#pragma unroll
    for (int k = 0; k < kPacks; ++k) {
      if (column(k) >= p.C) break;
#pragma unroll
      for (int i = 0; i < W; ++i) x[k][i] *= rstd * weight[k][i];
      const int64_t at = row * p.C + column(k);
      if (to.codes == nullptr) {
        store<W>(static_cast<T*>(p.out) + at, x[k]);
      } else if constexpr (W == kPatchColumns) {
        *reinterpret_cast<uint2*>(static_cast<char*>(to.codes) + at) =
            make_uint2(encode<Z2_E4M3>(x[k], factor), encode<Z2_E4M3>(x[k] + 4, factor));
      }
    }
  }
}

// A row's operands on their way from memory.
template <typename T, typename R, int W, int kPacks>
struct Coming {
  Packed<R, W> x[kPacks];
  Packed<T, W> dOut[kPacks];
  Packed<R, W> before[kPacks];  // what the gradient is added to
  float rstd;
};

template <typename T, typename R, int W, int kPacks>
__device__ __forceinline__ void fetch(Coming<T, R, W, kPacks>& to, const Z2RmsNormBackward& p,
                                      int64_t row) {
  if (row >= p.N) return;
  to.rstd = p.rstd[row];
#pragma unroll
  for (int k = 0; k < kPacks; ++k) {
    const int64_t c = (static_cast<int64_t>(k) * blockDim.x + threadIdx.x) * W;
    if (c >= p.C) break;
    to.x[k].fetch(static_cast<const R*>(p.residual) + row * p.C + c);
    to.dOut[k].fetch(static_cast<const T*>(p.dOut) + row * p.C + c);
    to.before[k] = {};
    if (p.accumulate) to.before[k].fetch(static_cast<const R*>(p.dResidual) + row * p.C + c);
  }
}

// The next row is on its way while a row is worked on.
template <typename T, typename R, int W, int kPacks>
__global__ void __launch_bounds__(kMaxThreads) backwardKernel(Z2RmsNormBackward p, float* partial) {
  __shared__ float shared[2][32];
  const auto column = [](int k) {
    return (static_cast<int64_t>(k) * blockDim.x + threadIdx.x) * W;
  };
  float weight[kPacks][W] = {}, weightGrad[kPacks][W] = {};
#pragma unroll
  for (int k = 0; k < kPacks; ++k)
    if (column(k) < p.C) load<W>(static_cast<const T*>(p.weight) + column(k), weight[k]);
  Coming<T, R, W, kPacks> coming;
  fetch(coming, p, blockIdx.x);
  int parity = 0;
  for (int64_t row = blockIdx.x; row < p.N; row += gridDim.x, parity ^= 1) {
    const Coming<T, R, W, kPacks> now = coming;
    fetch(coming, p, row + gridDim.x);
    float dot = 0.f;
#pragma unroll
    for (int k = 0; k < kPacks; ++k) {
      if (column(k) >= p.C) break;
      float x[W], g[W];
      now.x[k].unpack(x), now.dOut[k].unpack(g);
#pragma unroll
      for (int i = 0; i < W; ++i) {
        weightGrad[k][i] += g[i] * x[i] * now.rstd;
        dot += g[i] * weight[k][i] * x[i];
      }
    }
    const float rstd = now.rstd;
    const float shift = rowSum(dot, shared[parity]) / static_cast<float>(p.C) * rstd * rstd;
#pragma unroll
    for (int k = 0; k < kPacks; ++k) {
      if (column(k) >= p.C) break;
      const int64_t at = row * p.C + column(k);
      float x[W], g[W], d[W], again[W];
      now.x[k].unpack(x), now.dOut[k].unpack(g), now.before[k].unpack(d);
#pragma unroll
      for (int i = 0; i < W; ++i) {
        d[i] += rstd * (g[i] * weight[k][i] - x[i] * shift);
        again[i] = x[i] * (rstd * weight[k][i]);
      }
      store<W>(static_cast<R*>(p.dResidual) + at, d);
      if (p.outAgain != nullptr) store<W>(static_cast<T*>(p.outAgain) + at, again);
      if (p.dDelta != nullptr) {
#pragma unroll
        for (int i = 0; i < W; ++i) d[i] *= dropoutFactor(p.dropout, at + i);
        store<W>(static_cast<T*>(p.dDelta) + at, d);
      }
    }
  }
#pragma unroll
  for (int k = 0; k < kPacks; ++k) {
    if (column(k) < p.C) {
#pragma unroll
      for (int i = 0; i < W; ++i) partial[blockIdx.x * p.C + column(k) + i] = weightGrad[k][i];
    }
  }
}

// The norm's result again, for its codes: the same bits as forward's.
template <typename T, typename R>
struct AgainSource {
  static constexpr int kTileRows = 128;
  struct Read {
    Packed<R, kPatchColumns> x[kPatchRows];
    Packed<T, kPatchColumns> weight;
    float rstd[kPatchRows];
  };
  Z2RmsNormBackward p;

  __device__ void fetch(Read& to, int64_t row, int64_t column, int rows) const {
    to.weight.fetch(static_cast<const T*>(p.weight) + column);
#pragma unroll
    for (int r = 0; r < kPatchRows; ++r) {
      if (r >= rows) break;
      to.rstd[r] = p.rstd[row + r];
      to.x[r].fetch(static_cast<const R*>(p.residual) + (row + r) * p.C + column);
    }
  }
  __device__ void make(const Read& from, int r, float (&x)[kPatchColumns]) const {
    float weight[kPatchColumns];
    from.x[r].unpack(x);
    from.weight.unpack(weight);
#pragma unroll
    for (int i = 0; i < kPatchColumns; ++i) x[i] *= from.rstd[r] * weight[i];
  }
};

// The norm's result again, a block a row.
template <typename T, typename R, int W>
__global__ void againKernel(Z2RmsNormBackward p) {
  const int64_t row = blockIdx.x;
  const float rstd = p.rstd[row];
  for (int64_t c = static_cast<int64_t>(threadIdx.x) * W; c < p.C; c += blockDim.x * W) {
    float x[W], weight[W];
    load<W>(static_cast<const R*>(p.residual) + row * p.C + c, x);
    load<W>(static_cast<const T*>(p.weight) + c, weight);
#pragma unroll
    for (int i = 0; i < W; ++i) x[i] *= rstd * weight[i];
    store<W>(static_cast<T*>(p.outAgain) + row * p.C + c, x);
  }
}

// dWeight[c] += sum over blocks, 32 columns × 32 slices of the blocks a thread block.
constexpr int kSlices = 32;
__global__ void reduceKernel(float* dWeight, const float* partial, int64_t blocks, int64_t C) {
  __shared__ float slices[kSlices][33];
  const int64_t c = static_cast<int64_t>(blockIdx.x) * 32 + threadIdx.x;
  float sum = 0.f;
  if (c < C)
    for (int64_t b = threadIdx.y; b < blocks; b += kSlices) sum += partial[b * C + c];
  slices[threadIdx.y][threadIdx.x] = sum;
  __syncthreads();
  if (threadIdx.y != 0 || c >= C) return;
  sum = 0.f;
  for (int slice = 0; slice < kSlices; ++slice) sum += slices[slice][threadIdx.x];
  dWeight[c] += sum;
}

// The most blocks of backward; each has a row of partial sums in the workspace.
int64_t mostBlocks(const Z2Context* context, int64_t N, int64_t C) {
  const int64_t threads = C % 8 == 0 ? threadsFor<8>(C) : kMaxThreads;
  return std::min<int64_t>(N, context->multiprocessors * (1024 / threads));
}

// Those that the device holds at the same time: a second round would be short of work.
template <typename Kernel>
int64_t blocksAtOnce(const Z2Context* context, Kernel* kernel, int threads) {
  int perMultiprocessor = 0;
  if (cudaOccupancyMaxActiveBlocksPerMultiprocessor(&perMultiprocessor, kernel, threads, 0) !=
      cudaSuccess)
    cudaGetLastError();
  return static_cast<int64_t>(context->multiprocessors) * std::max(1, perMultiprocessor);
}

// Calls body.template operator()<W, kPacks>() with the widest vector that C's rows allow.
template <typename Body>
Z2Status byShape(Z2Context* context, int64_t C, Body body) {
  const auto byPacks = [&]<int W>() {
    const int64_t packs = divideUp(divideUp(C, W), threadsFor<W>(C));
    // Rows of an odd length are rare: what they take need not be fast.
    if constexpr (W == 1) {
      if (packs <= 32) return body.template operator()<W, 32>();
    } else {
      if (packs == 1) return body.template operator()<W, 1>();
      if (packs == 2) return body.template operator()<W, 2>();
      if (packs <= kMostPacks) return body.template operator()<W, kMostPacks>();
    }
    return fail(context, Z2_INVALID, "rmsNorm: rows of " + std::to_string(C) + " are too long");
  };
  if (C % 8 == 0) return byPacks.template operator()<8>();
  return byPacks.template operator()<1>();
}

// Calls body.template operator()<R>(): the residual stream is of the element type or fp32.
template <typename T, typename Body>
Z2Status byResidual(Z2Context* context, Z2DType type, Z2DType residualType, Body body) {
  if (residualType == type) return body.template operator()<T>();
  if (residualType == Z2_F32) return body.template operator()<float>();
  return fail(context, Z2_INVALID, "rmsNorm: the residual is of the element type or fp32");
}

// The residual's addition, then the norm.
Z2Status forwardByPasses(Z2Context* context, const Z2RmsNormForward& p) {
  const Z2Add adding{p.residualOut, p.residualIn,   p.delta, p.N * p.C,
                     p.residualType, p.type, p.dropout};
  if (const Z2Status status = add(context, &adding); status != Z2_OK) return status;
  Z2RmsNormForward norm = p;
  norm.residualIn = p.residualOut, norm.residualOut = nullptr, norm.delta = nullptr;
  return rmsNormForward(context, &norm);
}

// The norm's gradient, then delta's dropout, then the norm's result again.
Z2Status backwardByPasses(Z2Context* context, const Z2RmsNormBackward& p) {
  Z2RmsNormBackward norm = p;
  norm.dDelta = nullptr, norm.outAgain = nullptr, norm.fused = 1;
  if (const Z2Status status = rmsNormBackward(context, &norm); status != Z2_OK) return status;
  if (p.dDelta != nullptr) {
    const Z2DropoutApply drop{p.dDelta, p.dResidual, p.N * p.C, p.type, p.residualType, p.dropout};
    if (const Z2Status status = dropoutApply(context, &drop); status != Z2_OK) return status;
  }
  if (p.outAgain == nullptr) return Z2_OK;
  auto byType = [&]<typename T>() {
    auto withResidual = [&]<typename R>() {
      return byShape(context, p.C, [&]<int W, int kPacks>() {
        againKernel<T, R, W><<<static_cast<unsigned>(p.N), threadsFor<W>(p.C), 0,
                               context->stream>>>(p);
        return check(context, cudaGetLastError(), "rmsNormBackward");
      });
    };
    return byResidual<T>(context, p.type, p.residualType, withResidual);
  };
  return Z2_BY_TYPE(context, p.type, byType);
}

// The codes of the norm's result.
Z2Status codesAgain(Z2Context* context, const Z2RmsNormBackward& p) {
  return byHalf(context, p.type, [&]<typename T>() {
    return byResidual<T>(context, p.type, p.residualType, [&]<typename R>() {
      return writeCodes(context, AgainSource<T, R>{p}, *p.codes, p.N, p.C, "rmsNormBackward");
    });
  });
}

}  // namespace

Z2Status rmsNormForward(Z2Context* context, const Z2RmsNormForward* p) {
  if (p->N <= 0) return Z2_OK;
  if (!p->fused && p->delta != nullptr) return forwardByPasses(context, *p);
  const Z2Codes codes = p->codes == nullptr ? Z2Codes{} : *p->codes;
  if (codes.codes != nullptr && p->C % 16 != 0)
    return fail(context, Z2_INVALID, "rmsNorm: codes need rows of a multiple of 16");
  auto byType = [&]<typename T>() {
    auto withResidual = [&]<typename R>() {
      return byShape(context, p->C, [&]<int W, int kPacks>() {
        const int threads = threadsFor<W>(p->C);
        const auto blocks = static_cast<unsigned>(
            std::min<int64_t>(p->N, context->multiprocessors * (2048 / threads)));
        if (p->delta != nullptr)
          forwardKernel<T, R, W, kPacks, true><<<blocks, threads, 0, context->stream>>>(*p, codes);
        else
          forwardKernel<T, R, W, kPacks, false><<<blocks, threads, 0, context->stream>>>(*p, codes);
        return check(context, cudaGetLastError(), "rmsNormForward");
      });
    };
    return byResidual<T>(context, p->type, p->residualType, withResidual);
  };
  return Z2_BY_TYPE(context, p->type, byType);
}

size_t rmsNormBackwardWorkspace(Z2Context* context, int64_t N, int64_t C) {
  return static_cast<size_t>(mostBlocks(context, N, C) * C) * sizeof(float);
}

Z2Status rmsNormBackward(Z2Context* context, const Z2RmsNormBackward* p) {
  if (p->N <= 0) return Z2_OK;
  if (p->codes != nullptr) {
    if (const Z2Status status = codesAgain(context, *p); status != Z2_OK) return status;
  }
  if (!p->fused && (p->dDelta != nullptr || p->outAgain != nullptr))
    return backwardByPasses(context, *p);
  int64_t blocks = mostBlocks(context, p->N, p->C);
  auto* partial = static_cast<float*>(p->workspace);
  auto byType = [&]<typename T>() {
    auto withResidual = [&]<typename R>() {
      return byShape(context, p->C, [&]<int W, int kPacks>() {
        const auto kernel = backwardKernel<T, R, W, kPacks>;
        const int threads = threadsFor<W>(p->C);
        blocks = std::min(blocks, blocksAtOnce(context, kernel, threads));
        kernel<<<static_cast<unsigned>(blocks), threads, 0, context->stream>>>(*p, partial);
        return check(context, cudaGetLastError(), "rmsNormBackward");
      });
    };
    return byResidual<T>(context, p->type, p->residualType, withResidual);
  };
  const Z2Status status = Z2_BY_TYPE(context, p->type, byType);
  if (status != Z2_OK) return status;
  reduceKernel<<<static_cast<unsigned>(divideUp(p->C, 32)), dim3(32, kSlices), 0,
                 context->stream>>>(p->dWeight, partial, blocks, p->C);
  return check(context, cudaGetLastError(), "rmsNormBackward");
}

}  // namespace z2::cuda
