// Attention on Hopper; see kernels/cuda/hopper_attention.h. With S = Q K^T scale, P = exp(S - lse),
// dP = dO V^T and delta = rows of sum(dO × O), as in FlashAttention (Dao et al., 2022): O = P V,
// dS = P (dP - delta), dV = P^T dO, dK = dS^T Q scale, dQ = dS K scale. One warp copies, two
// warpgroups compute.

#include <algorithm>
#include <climits>
#include <cstdlib>
#include <cstring>

#include <cudaTypedefs.h>

#include "kernels/cuda/hopper_attention.h"
#include "kernels/cuda/hopper_forward.cuh"
#include "kernels/cuda/hopper_keys.cuh"
#include "kernels/cuda/hopper_queries.cuh"

namespace z2::cuda {

namespace hopper {

// Sets the counters of work to 0 and finds which tiles see each other. A row's starts do not
// decrease, so a tile's first one is its least.
__global__ void prepareKernel(Range* ranges, int* counters, const int32_t* documentStart, int B,
                              int length, int tiles) {
  const int index = static_cast<int>(blockIdx.x * blockDim.x + threadIdx.x);
  if (index < 2) counters[index] = 0;
  if (ranges == nullptr || index >= B * tiles) return;
  const int tile = index % tiles;
  const int32_t* starts = documentStart + static_cast<int64_t>(index / tiles) * length;
  int last = tile;
  while (last + 1 < tiles && starts[(last + 1) * kTileRows] < (tile + 1) * kTileRows) ++last;
  ranges[index] = {starts[tile * kTileRows] / kTileRows, last};
}

// lse / ln 2, delta and start of each query, in tiles that are whole: behind the last position P is
// 0.
template <typename T, bool kDocuments>
__global__ void statsKernel(Problem<T> p, const T* dOut, const T* out, const float* lse, int D) {
  const int lanes = D / 8, lane = threadIdx.x % lanes;
  const int64_t row = (static_cast<int64_t>(blockIdx.x) * blockDim.x + threadIdx.x) / lanes;
  const int64_t h = row % p.Hq, padded = static_cast<int64_t>(p.tiles) * kTileRows;
  const int64_t t = row / p.Hq % padded, b = row / p.Hq / padded;
  const bool isThere = b < p.B && t < p.length;
  float sum = 0.f;
  if (isThere) {
    const int64_t at = ((b * p.length + t) * p.Hq + h) * D + lane * 8;
    float x[8], y[8];
    load<8>(dOut + at, x);
    load<8>(out + at, y);
#pragma unroll
    for (int i = 0; i < 8; ++i) sum += x[i] * y[i];
  }
  for (int offset = lanes / 2; offset > 0; offset /= 2) sum += __shfl_xor_sync(~0u, sum, offset);
  if (b >= p.B || lane != 0) return;
  float* place = p.stats + ((b * p.Hq + h) * p.tiles + t / kTileRows) * kStatFloats<kDocuments> +
                 t % kTileRows;
  place[0] = isThere ? lse[(b * p.Hq + h) * p.length + t] * kLog2e : INFINITY;
  place[kTileRows] = sum;
  if (kDocuments)
    place[2 * kTileRows] = __int_as_float(isThere ? p.documentStart[b * p.length + t] : INT_MAX);
}

#define Z2_HOPPER_KERNEL(name, copies, computes, ...)                                     \
  template <typename T, int D, bool kDocuments>                                           \
  __global__ void __launch_bounds__(kThreads, 1)                                          \
      name(const __grid_constant__ Problem<T> p, const __grid_constant__ CUtensorMap qkv, \
           const __grid_constant__ CUtensorMap dOut) {                                    \
    if constexpr (kIsHere) {                                                              \
      extern __shared__ char memory[];                                                    \
      Shared<D>& shared = sharedOf<D>(memory);                                            \
      initShared(shared);                                                                 \
      const int group = static_cast<int>(threadIdx.x) / 128 - 1;                          \
      if (group < 0) {                                                                    \
        giveRegisters<kProducerRegisters>();                                              \
        if (threadIdx.x == 0) copies<T, D, kDocuments>(shared, p, __VA_ARGS__);           \
      } else {                                                                            \
        takeRegisters<kConsumerRegisters>();                                              \
        computes<T, D, kDocuments>(shared, p, group);                                     \
      }                                                                                   \
    }                                                                                     \
  }
Z2_HOPPER_KERNEL(keysKernel, copyForKeys, computeKeys, &qkv, &dOut)
Z2_HOPPER_KERNEL(queriesKernel, copyForQueries, computeQueries, &qkv, &dOut)
Z2_HOPPER_KERNEL(forwardKernel, copyForForward, computeForward, &qkv)
#undef Z2_HOPPER_KERNEL

}  // namespace hopper

namespace {

using hopper::Problem;

constexpr int kStatsThreads = 256;
constexpr int kPrepareThreads = 128;
constexpr size_t kCounterBytes = 256;
// What the blocks that run at the same time read again and again: well inside the L2 cache.
constexpr int64_t kSetBytes = int64_t{24} << 20;

// The driver's function that describes a tensor to the copy engine; null when it has none.
PFN_cuTensorMapEncodeTiled_v12000 tensorMapEncoder() {
  void* function = nullptr;
  cudaDriverEntryPointQueryResult found{};
  if (cudaGetDriverEntryPointByVersion("cuTensorMapEncodeTiled", &function, 12000,
                                       cudaEnableDefault, &found) != cudaSuccess ||
      found != cudaDriverEntryPointSuccess)
    return nullptr;
  return reinterpret_cast<PFN_cuTensorMapEncodeTiled_v12000>(function);
}

// [B, length, heads, D] in boxes of 64 positions × 64 columns of a head.
bool describeTensor(CUtensorMap* map, const void* data, Z2DType type, int64_t B, int64_t length,
                    int64_t heads, int64_t D) {
  static const PFN_cuTensorMapEncodeTiled_v12000 encode = tensorMapEncoder();
  const cuuint64_t sizes[4] = {static_cast<cuuint64_t>(D), static_cast<cuuint64_t>(heads),
                               static_cast<cuuint64_t>(length), static_cast<cuuint64_t>(B)};
  const cuuint64_t strides[3] = {static_cast<cuuint64_t>(D * 2),
                                 static_cast<cuuint64_t>(heads * D * 2),
                                 static_cast<cuuint64_t>(length * heads * D * 2)};
  const cuuint32_t box[4] = {64, 1, hopper::kTileRows, 1}, steps[4] = {1, 1, 1, 1};
  return encode != nullptr &&
         encode(map,
                type == Z2_F16 ? CU_TENSOR_MAP_DATA_TYPE_FLOAT16 : CU_TENSOR_MAP_DATA_TYPE_BFLOAT16,
                4, const_cast<void*>(data), sizes, strides, box, steps,
                CU_TENSOR_MAP_INTERLEAVE_NONE, CU_TENSOR_MAP_SWIZZLE_128B,
                CU_TENSOR_MAP_L2_PROMOTION_L2_256B,
                CU_TENSOR_MAP_FLOAT_OOB_FILL_NONE) == CUDA_SUCCESS;
}

// The workspace: counters, ranges of tiles, stats of backward.
template <typename Params>
int64_t tilesOf(const Params& p) {
  return divideUp(p.T, hopper::kTileRows);
}
template <typename Params>
size_t rangeBytes(const Params& p) {
  return static_cast<size_t>(divideUp(p.B * tilesOf(p), 32) * 32) * sizeof(hopper::Range);
}

template <typename T, typename Params>
Problem<T> problemOf(const Params& p) {
  auto* workspace = static_cast<char*>(p.workspace);
  Problem<T> problem{};
  problem.counter = reinterpret_cast<int*>(workspace);
  if (p.documentStart != nullptr) {
    problem.documentStart = p.documentStart;
    problem.ranges = reinterpret_cast<hopper::Range*>(workspace + kCounterBytes);
  }
  problem.stats = reinterpret_cast<float*>(workspace + kCounterBytes + rangeBytes(p));
  problem.B = static_cast<int>(p.B), problem.length = static_cast<int>(p.T);
  problem.Hq = static_cast<int>(p.Hq), problem.Hkv = static_cast<int>(p.Hkv);
  problem.tiles = static_cast<int>(tilesOf(p));
  problem.blocks = static_cast<int>(divideUp(p.T, hopper::kBlockRows));
  problem.scale = p.scale;
  return problem;
}

template <typename T>
Z2Status prepare(Z2Context* context, const Problem<T>& problem) {
  const int64_t threads = problem.B * problem.tiles;
  hopper::prepareKernel<<<static_cast<unsigned>(
                              divideUp(std::max<int64_t>(threads, 2), kPrepareThreads)),
                          kPrepareThreads, 0, context->stream>>>(
      const_cast<hopper::Range*>(problem.ranges), problem.counter, problem.documentStart, problem.B,
      problem.length, problem.tiles);
  return check(context, cudaGetLastError(), "attention");
}

// Work on `pairs` of batch row and head, of which each reads `bytes` again and again.
template <int D, typename Kernel, typename T>
Z2Status launch(Z2Context* context, Kernel* kernel, Problem<T> problem, int pairs, int64_t bytes,
                const CUtensorMap& qkv, const CUtensorMap& dOut) {
  constexpr size_t kShared = sizeof(hopper::Shared<D>) + 1024;
  problem.pairs = pairs;
  problem.pairsOfSet = static_cast<int>(std::clamp<int64_t>(kSetBytes / bytes, 1, pairs));
  if (const Z2Status status = allowShared(context, kernel, kShared, "attention"); status != Z2_OK)
    return status;
  const int blocks = std::min(context->multiprocessors, problem.pairs * problem.blocks);
  kernel<<<blocks, hopper::kThreads, kShared, context->stream>>>(problem, qkv, dOut);
  return check(context, cudaGetLastError(), "attention");
}

Z2Status noTensors(Z2Context* context) {
  return fail(context, Z2_FAILED, "attention: the driver cannot describe the tensors");
}

template <typename T, int D, bool kDocuments>
Z2Status runForward(Z2Context* context, const Z2AttentionForward& p) {
  CUtensorMap qkv;
  if (!describeTensor(&qkv, p.qkv, p.type, p.B, p.T, p.Hq + 2 * p.Hkv, D))
    return noTensors(context);
  auto problem = problemOf<T>(p);
  problem.out = static_cast<T*>(p.out), problem.lse = p.lse;
  if (const Z2Status status = prepare(context, problem); status != Z2_OK) return status;
  return launch<D>(context, hopper::forwardKernel<T, D, kDocuments>, problem,
                   problem.B * problem.Hq, p.T * D * 2 * 2, qkv, qkv);
}

template <typename T, int D, bool kDocuments>
Z2Status runBackward(Z2Context* context, const Z2AttentionBackward& p) {
  CUtensorMap qkv, dOut;
  if (!describeTensor(&qkv, p.qkv, p.type, p.B, p.T, p.Hq + 2 * p.Hkv, D) ||
      !describeTensor(&dOut, p.dOut, p.type, p.B, p.T, p.Hq, D))
    return noTensors(context);
  auto problem = problemOf<T>(p);
  problem.dQkv = static_cast<T*>(p.dQkv);
  if (p.rope != nullptr) {
    problem.cosine = p.rope->cosine, problem.sine = p.rope->sine;
    problem.positions = p.rope->positions;
  }
  if (const Z2Status status = prepare(context, problem); status != Z2_OK) return status;
  const int64_t threads = p.B * problem.tiles * hopper::kTileRows * p.Hq * (D / 8);
  hopper::statsKernel<T, kDocuments><<<static_cast<unsigned>(divideUp(threads, kStatsThreads)),
                                       kStatsThreads, 0, context->stream>>>(
      problem, static_cast<const T*>(p.dOut), static_cast<const T*>(p.out), p.lse, D);
  if (const Z2Status status = check(context, cudaGetLastError(), "attentionBackward");
      status != Z2_OK)
    return status;
  const int64_t headBytes = p.T * D * 2 * 2;  // two tensors of one head
  if (const Z2Status status =
          launch<D>(context, hopper::keysKernel<T, D, kDocuments>, problem, problem.B * problem.Hkv,
                    headBytes * (p.Hq / p.Hkv), qkv, dOut);
      status != Z2_OK)
    return status;
  ++problem.counter;
  return launch<D>(context, hopper::queriesKernel<T, D, kDocuments>, problem,
                   problem.B * problem.Hq, headBytes, qkv, dOut);
}

// Calls body.template operator()<T, D, kDocuments>().
template <typename Params, typename Body>
Z2Status byShape(const Params& p, Body body) {
  const auto byDocuments = [&]<typename T, int D>() {
    return p.documentStart == nullptr ? body.template operator()<T, D, false>()
                                      : body.template operator()<T, D, true>();
  };
  const auto bySize = [&]<typename T>() {
    return p.D == 64 ? byDocuments.template operator()<T, 64>()
                     : byDocuments.template operator()<T, 128>();
  };
  return p.type == Z2_F16 ? bySize.template operator()<__half>()
                          : bySize.template operator()<__nv_bfloat16>();
}

bool isSwitched(const char* how) {
  const char* wish = std::getenv("Z2_HOPPER_ATTENTION");
  return wish != nullptr && std::strcmp(wish, how) == 0;
}

template <typename Params>
bool takes(const Z2Context* context, const Params& p) {
  static const bool isOff = isSwitched("off");
  return context->isHopper && !isOff && p.fused != 0 && p.type != Z2_F32 &&
         (p.D == 64 || p.D == 128) && p.dropout.probability <= 0.f;
}

}  // namespace

bool takesHopperForward(const Z2Context* context, const Z2AttentionForward& p) {
  static const bool isWanted = isSwitched("all");
  return takes(context, p) && (p.documentStart != nullptr || context->cudnn == nullptr || isWanted);
}

bool takesHopperBackward(const Z2Context* context, const Z2AttentionBackward& p) {
  return takes(context, p);
}

size_t hopperWorkspace(const Z2AttentionBackward& p) {
  return kCounterBytes + rangeBytes(p) +
         static_cast<size_t>(p.B * p.Hq * tilesOf(p)) * hopper::kMostStatFloats * sizeof(float);
}

Z2Status hopperForward(Z2Context* context, const Z2AttentionForward& p) {
  return byShape(p, [&]<typename T, int D, bool kDocuments>() {
    return runForward<T, D, kDocuments>(context, p);
  });
}

Z2Status hopperBackward(Z2Context* context, const Z2AttentionBackward& p) {
  return byShape(p, [&]<typename T, int D, bool kDocuments>() {
    return runBackward<T, D, kDocuments>(context, p);
  });
}

}  // namespace z2::cuda
