// A linear layer over up to 8 rows: every weight is read once, so the kernel is made to keep reads
// under way. A block makes 8 columns of the product after the other; its warps share the columns'
// length. Each warp copies the weights that it will multiply through a ring of its own in shared
// memory, across the ends of columns, and the first of them from before the kernel in front has
// ended. Elements of 16 bits are multiplied by tensor cores, for which 8 rows are no more work than
// one, and a row has the same bits whatever stands beside it.

#include <algorithm>

#include "kernels/cuda/dependent_launch.cuh"
#include "kernels/cuda/element.cuh"
#include "kernels/cuda/launchers.h"
#include "kernels/cuda/row_input.cuh"
#include "kernels/cuda/row_output.cuh"
#include "kernels/cuda/row_weights.cuh"
#include "kernels/row_linear_parts.h"

namespace z2::cuda {

namespace {

using namespace rows;

// Elements of a row's place in shared memory: as many as spans have, and as much more as lets the
// rows of two columns lie in different banks.
template <typename T>
__host__ __device__ int paddedLength(const Z2RowLinear& p) {
  return (static_cast<int>(p.K) + kSpan<T> - 1) / kSpan<T> * kSpan<T>;
}

template <typename T, typename X, typename Out, bool kPaired>
__global__ void __launch_bounds__(kThreads, kBlocksEach) rowLinearKernel(Z2RowLinear p) {
  extern __shared__ __align__(16) unsigned char memory[];
  constexpr int kPart = kMostRows * kColumns;
  auto* parts = reinterpret_cast<float*>(memory + kStages * kGroupBytes);  // [2, kWarps, kPart]
  T* input = reinterpret_cast<T*>(parts + 2 * kWarps * kPart);
  const int padded = paddedLength<T>(p), pitch = padded + kStep<T>;
  const int warp = static_cast<int>(threadIdx.x / 32);
  const Units<kPaired> units(p);
  Stream<T, kPaired> stream(p, memory);
#pragma unroll
  for (int i = 0; i < kStages - 1; ++i) stream.copyNext();
  letNextBegin();
  fillInput<T, X, kThreads>(input, pitch, padded, p, waitForPrevious);

  const int rows = static_cast<int>(p.M);
  int places[kGroup];
#pragma unroll
  for (int j = 0; j < kGroup; ++j) places[j] = Stream<T, kPaired>::placeOf(j);
  const T* const x = input + Sums<T>::rowOfLane(rows) * pitch + warp * kGroup * kStep<T> +
                     threadIdx.x % 4 * kWidth<T>;
  int place = 0, turn = 0;
  for (int unit = static_cast<int>(blockIdx.x); unit < units.count;
       unit += static_cast<int>(gridDim.x), ++turn) {
    Finish<T, Out, kPaired, kWarps> finish;
    const bool finishes = turn % kWarps == warp;
    if (finishes) finish.read(p, units, unit);
    Sums<T> sums;
    for (int k = 0; k < padded; k += kSpan<T>) {
      waitForCopies<kStages - 2>();
      __syncwarp();  // each lane copied what others read
      stream.copyNext();
      uint4 weights[kGroup];
#pragma unroll
      for (int j = 0; j < kGroup; ++j)
        weights[j] = *reinterpret_cast<const uint4*>(memory + place + places[j]);
#pragma unroll
      for (int j = 0; j < kGroup; ++j) sums.add(j, weights[j], x + k + j * kStep<T>, rows, pitch);
      place += kGroupBytes;
      if (place == kStages * kGroupBytes) place = 0;
    }
    float* const its = parts + turn % 2 * kWarps * kPart;
    sums.write(its + warp * kPart, rows);
    __syncthreads();
    if (finishes) finish.write(p, units, unit, its, kPart);
  }
}

template <typename T>
size_t sharedBytes(const Z2RowLinear& p) {
  return size_t{kStages} * kGroupBytes + size_t{2} * kWarps * kMostRows * kColumns * sizeof(float) +
         static_cast<size_t>(p.M * (paddedLength<T>(p) + kStep<T>)) * sizeof(T);
}

template <typename T, typename X, typename Out, bool kPaired>
Z2Status launch(Z2Context* context, const Z2RowLinear& p) {
  auto* kernel = rowLinearKernel<T, X, Out, kPaired>;
  const size_t shared = sharedBytes<T>(p);
  const Z2Status status = allowShared(context, kernel, shared, "rowLinear");
  if (status != Z2_OK) return status;
  const int blocks = std::min(Units<kPaired>(p).count, kBlocksEach * context->multiprocessors);
  return launchDependent(context, "rowLinear", kernel, dim3(static_cast<unsigned>(blocks)),
                         kThreads, shared, 1, p);
}

template <typename T, typename X, typename Out>
Z2Status byGate(Z2Context* context, const Z2RowLinear& p) {
  if constexpr (std::is_same_v<Out, T>) {
    if (p.swiglu) return launch<T, X, Out, true>(context, p);
  }
  return launch<T, X, Out, false>(context, p);
}

bool takes(const Z2Context* context, const Z2RowLinear& p) {
  const int64_t width = p.type == Z2_F32 ? 4 : 8;
  const auto isTyped = [&](Z2DType type) { return type == p.type || type == Z2_F32; };
  if (!isTyped(p.xType) || !isTyped(p.outType) || p.M > kMostRows || p.K <= 0 || p.K % width != 0 ||
      p.K > (1 << 20) || p.N >= (int64_t{1} << 28))
    return false;
  int most = 0;
  return cudaDeviceGetAttribute(&most, cudaDevAttrMaxSharedMemoryPerBlockOptin, context->device) ==
             cudaSuccess &&
         (p.type == Z2_F32 ? sharedBytes<float>(p) : sharedBytes<__half>(p)) <=
             static_cast<size_t>(most);
}

}  // namespace

size_t rowLinearWorkspace(Z2Context* context, const Z2RowLinear* shape) {
  return takes(context, *shape) ? 0 : RowLinearPlaces::of(*shape).end;
}

Z2Status rowLinear(Z2Context* context, const Z2RowLinear* p) {
  if (p->M <= 0 || p->N <= 0) return Z2_OK;
  if (p->normWeight == nullptr && p->xType != p->type)
    return fail(context, Z2_INVALID, "rowLinear: xType must be type without a norm");
  if (p->swiglu && (p->N % 2 != 0 || p->outType != p->type))
    return fail(context, Z2_INVALID, "rowLinear: swiglu needs an even N and outType as type");
  if (!takes(context, *p))
    return rowLinearByParts(context, *p,
                            {.rmsNormForward = rmsNormForward,
                             .matmul = matmul,
                             .swigluForward = swigluForward,
                             .add = add});
  auto byType = [&]<typename T>() -> Z2Status {
    if constexpr (sizeof(T) == 4) {
      return byGate<T, T, T>(context, *p);
    } else {
      if (p->xType == Z2_F32)
        return p->outType == Z2_F32 ? byGate<T, float, float>(context, *p)
                                    : byGate<T, float, T>(context, *p);
      return p->outType == Z2_F32 ? byGate<T, T, float>(context, *p) : byGate<T, T, T>(context, *p);
    }
  };
  return Z2_BY_TYPE(context, p->type, byType);
}

}  // namespace z2::cuda
