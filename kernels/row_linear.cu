// A linear layer over up to 8 rows: every weight is read once, so the kernel is made to keep reads
// under way. A warp makes one output after the other; each lane has kDepth vectors of 16 bytes on
// their way, across the ends of outputs too, and the first of them from before the kernel in front
// has ended.

#include <algorithm>

#include "kernels/cuda/dependent_launch.cuh"
#include "kernels/cuda/element.cuh"
#include "kernels/cuda/launchers.h"
#include "kernels/row_linear_parts.h"

namespace z2::cuda {

namespace {

constexpr int kThreads = 256;
constexpr int kWarps = kThreads / 32;
constexpr int kMostRows = 8;
constexpr int kBlocksEach = 4;  // of a multiprocessor; measured
constexpr size_t kMostShared = size_t{160} << 10;  // bytes of rows

// A vector that is read once; undefined where `isWanted` is false. The predicate belongs to the load:
// a branch around it would have its result copied, and so waited for, at once.
__device__ __forceinline__ void loadOnce(uint4& to, const void* from, bool isWanted) {
  asm volatile(
      "{\n"
      ".reg .pred wanted;\n"
      "setp.ne.s32 wanted, %5, 0;\n"
      "@wanted ld.global.nc.L1::no_allocate.v4.u32 {%0, %1, %2, %3}, [%4];\n"
      "}"
      : "=r"(to.x), "=r"(to.y), "=r"(to.z), "=r"(to.w)
      : "l"(from), "r"(static_cast<int>(isWanted)));
}

// The weights that one warp reads, in order: all steps of an output, then those of its next one. With
// kPaired the two rows of a gated output take turns. An output takes a multiple of kDepth steps, of
// which the last may lie behind the rows' end.
template <typename T, int kDepth, bool kPaired>
struct Stream {
  static constexpr int kRows = kPaired ? 2 : 1;
  static constexpr int kStride = 32 * kWidth<T>;  // elements of a step
  const T* row;                                   // of the output that is read next
  int64_t toPair, toNext;                         // elements to its second row, to the next output
  int units, unit, stride;
  int K, begin, end, k;

  __device__ explicit Stream(const Z2RowLinear& p)
      : units(static_cast<int>(kPaired ? p.N / 2 : p.N)),
        unit(static_cast<int>(threadIdx.x / 32 * gridDim.x + blockIdx.x)),
        stride(static_cast<int>(gridDim.x) * kWarps),
        K(static_cast<int>(p.K)) {
    const int perRow = (K + kStride - 1) / kStride;
    const int steps = (kRows * perRow + kDepth - 1) / kDepth * kDepth;
    begin = static_cast<int>(threadIdx.x % 32) * kWidth<T>;
    end = begin + steps / kRows * kStride;
    k = begin;
    row = static_cast<const T*>(p.weight) + unit * p.K;
    toPair = units * p.K;
    toNext = stride * p.K;
  }
  // Step d of a ring: with kPaired odd ones are of the second row.
  __device__ __forceinline__ void next(uint4& to, int d) {
    const bool isSecond = kPaired && d % 2 != 0;
    loadOnce(to, row + k + (isSecond ? toPair : 0), k < K && unit < units);
    if (kPaired && !isSecond) return;
    k += kStride;
    if (k == end) k = begin, unit += stride, row += toNext;
  }
};

// x of all rows into shared memory, normalised where that is asked for.
template <typename T, typename X, int M>
__device__ void fillInput(T* input, const Z2RowLinear& p) {
  constexpr int W = kWidth<T>;
  __shared__ float scratch[32];
  const int K = static_cast<int>(p.K);
  const auto sumOfSquares = [&](const X* x, int first, int step) {
    float sum = 0.f;
    for (int k = first * W; k < K; k += step * W) {
      float values[W];
      load<W>(x + k, values);
#pragma unroll
      for (int i = 0; i < W; ++i) sum += values[i] * values[i];
    }
    return sum;
  };
  const auto write = [&](T* to, const X* x, float rstd, int first, int step) {
    for (int k = first * W; k < K; k += step * W) {
      float values[W];
      load<W>(x + k, values);
      if (p.normWeight != nullptr) {
        float weight[W];
        load<W>(static_cast<const T*>(p.normWeight) + k, weight);
#pragma unroll
        for (int i = 0; i < W; ++i) values[i] = weight[i] * values[i] * rstd;
      }
      store<W>(to + k, values);
    }
  };
  const float size = static_cast<float>(K);
  if constexpr (M == 1) {
    const auto* x = static_cast<const X*>(p.x);
    float rstd = 0.f;
    if (p.normWeight != nullptr)
      rstd = rsqrtf(blockSum(sumOfSquares(x, threadIdx.x, kThreads), scratch) / size + p.eps);
    write(input, x, rstd, threadIdx.x, kThreads);
  } else {  // a warp a row
    const int m = threadIdx.x / 32, lane = threadIdx.x % 32;
    if (m < p.M) {
      const X* x = static_cast<const X*>(p.x) + m * p.K;
      float rstd = 0.f;
      if (p.normWeight != nullptr)
        rstd = rsqrtf(warpSum(sumOfSquares(x, lane, 32)) / size + p.eps);
      write(input + m * K, x, rstd, lane, 32);
    }
  }
  __syncthreads();
}

template <typename T>
__device__ __forceinline__ void addProducts(float& sum, const uint4& weights, const T* input) {
  constexpr int W = kWidth<T>;
  const auto& vector = reinterpret_cast<const Vector<T, W>&>(weights);
  float x[W];
  load<W>(input, x);
#pragma unroll
  for (int i = 0; i < W; ++i) sum = fmaf(toFloat(vector.at[i]), x[i], sum);
}

// One output of row m; `old` is what it holds where it is added to.
template <typename T, typename Out, bool kPaired>
__device__ void finish(const Z2RowLinear& p, int m, int unit, int units, const float* sums,
                       float old) {
  const auto* bias = static_cast<const T*>(p.bias);
  float value = sums[0] + (bias != nullptr ? toFloat(bias[unit]) : 0.f);
  if constexpr (kPaired) {
    const float up = sums[1] + (bias != nullptr ? toFloat(bias[units + unit]) : 0.f);
    value = value / (1.f + __expf(-value)) * up;
  }
  static_cast<Out*>(p.out)[m * units + unit] = fromFloat<Out>(old + value);
}

template <typename T, typename X, typename Out, int M, int kDepth, bool kPaired>
__global__ void __launch_bounds__(kThreads, M == 1 ? kBlocksEach : 2)
rowLinearKernel(Z2RowLinear p) {
  extern __shared__ __align__(16) unsigned char memory[];
  T* input = reinterpret_cast<T*>(memory);  // [M, K]
  constexpr int kRows = kPaired ? 2 : 1;
  Stream<T, kDepth, kPaired> stream(p);
  const int units = stream.units, stride = stream.stride, K = stream.K;
  const int lane = threadIdx.x % 32;
  int unit = stream.unit;
  uint4 ring[kDepth];
#pragma unroll
  for (int d = 0; d < kDepth; ++d) stream.next(ring[d], d);
  letNextBegin();
  waitForPrevious();
  fillInput<T, X, M>(input, p);

  for (; unit < units; unit += stride) {
    float old = 0.f;
    if (p.accumulate && lane < p.M)
      old = toFloat(static_cast<const Out*>(p.out)[lane * units + unit]);
    float sums[M][kRows] = {};
    for (int first = stream.begin; first < stream.end; first += kDepth / kRows * stream.kStride) {
#pragma unroll
      for (int d = 0; d < kDepth; ++d) {
        const int k = first + d / kRows * stream.kStride;
        if (k < K) {
#pragma unroll
          for (int m = 0; m < M; ++m)
            if (M == 1 || m < p.M) addProducts(sums[m][d % kRows], ring[d], input + m * K + k);
        }
        stream.next(ring[d], d);
      }
    }
#pragma unroll
    for (int m = 0; m < M; ++m) {
#pragma unroll
      for (int r = 0; r < kRows; ++r) sums[m][r] = warpSum(sums[m][r]);
    }
#pragma unroll
    for (int m = 0; m < M; ++m)
      if (lane == m && m < p.M) finish<T, Out, kPaired>(p, m, unit, units, sums[m], old);
  }
}

template <typename T, typename X, typename Out, int M, int kDepth, bool kPaired>
Z2Status launch(Z2Context* context, const Z2RowLinear& p) {
  auto* kernel = rowLinearKernel<T, X, Out, M, kDepth, kPaired>;
  const size_t shared = static_cast<size_t>(M * p.K) * sizeof(T);
  if (shared > (size_t{48} << 10)) {
    const Z2Status status =
        check(context,
              cudaFuncSetAttribute(kernel, cudaFuncAttributeMaxDynamicSharedMemorySize,
                                   static_cast<int>(shared)),
              "rowLinear: shared memory");
    if (status != Z2_OK) return status;
  }
  const int64_t units = kPaired ? p.N / 2 : p.N;
  const int64_t blocks = std::min<int64_t>(divideUp(units, kWarps),
                                           int64_t{kBlocksEach} * context->multiprocessors);
  return launchDependent(context, "rowLinear", kernel, dim3(static_cast<unsigned>(blocks)), kThreads,
                         shared, p);
}

template <typename T, typename X, typename Out, int M>
Z2Status byShape(Z2Context* context, const Z2RowLinear& p) {
  constexpr bool kCanPair = std::is_same_v<Out, T>;
  if constexpr (kCanPair) {
    if (p.swiglu) return launch<T, X, Out, M, 8, true>(context, p);
  }
  // Short rows would leave half of a ring of 8 empty.
  if (p.K <= 4 * 32 * kWidth<T>) return launch<T, X, Out, M, 4, false>(context, p);
  return launch<T, X, Out, M, 8, false>(context, p);
}

template <typename T, typename X, typename Out>
Z2Status byRows(Z2Context* context, const Z2RowLinear& p) {
  if (p.M == 1) return byShape<T, X, Out, 1>(context, p);
  if (p.M <= 4) return byShape<T, X, Out, 4>(context, p);
  return byShape<T, X, Out, kMostRows>(context, p);
}

bool takes(const Z2RowLinear& p) {
  const int64_t width = p.type == Z2_F32 ? 4 : 8, element = 16 / width;
  const auto isTyped = [&](Z2DType type) { return type == p.type || type == Z2_F32; };
  return isTyped(p.xType) && isTyped(p.outType) && p.M <= kMostRows && p.K > 0 &&
         p.K % width == 0 && p.N < (int64_t{1} << 30) &&
         static_cast<size_t>(kMostRows * p.K * element) <= kMostShared;
}

}  // namespace

size_t rowLinearWorkspace(Z2Context*, const Z2RowLinear* shape) {
  return takes(*shape) ? 0 : RowLinearPlaces::of(*shape).end;
}

Z2Status rowLinear(Z2Context* context, const Z2RowLinear* p) {
  if (p->M <= 0 || p->N <= 0) return Z2_OK;
  if (p->normWeight == nullptr && p->xType != p->type)
    return fail(context, Z2_INVALID, "rowLinear: xType must be type without a norm");
  if (p->swiglu && (p->N % 2 != 0 || p->outType != p->type))
    return fail(context, Z2_INVALID, "rowLinear: swiglu needs an even N and outType as type");
  if (!takes(*p))
    return rowLinearByParts(context, *p,
                            {.rmsNormForward = rmsNormForward,
                             .matmul = matmul,
                             .swigluForward = swigluForward,
                             .add = add});
  auto byType = [&]<typename T>() -> Z2Status {
    if constexpr (sizeof(T) == 4) {
      return byRows<T, T, T>(context, *p);
    } else {
      if (p->xType == Z2_F32)
        return p->outType == Z2_F32 ? byRows<T, float, float>(context, *p)
                                    : byRows<T, float, T>(context, *p);
      return p->outType == Z2_F32 ? byRows<T, T, float>(context, *p) : byRows<T, T, T>(context, *p);
    }
  };
  return Z2_BY_TYPE(context, p->type, byType);
}

}  // namespace z2::cuda
