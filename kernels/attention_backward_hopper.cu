// Attention's backward on Hopper; see kernels/cuda/hopper_attention.h. With S = Q K^T scale,
// P = exp(S - lse), dP = dO V^T and delta = rows of sum(dO × O), as in FlashAttention (Dao et al.,
// 2022): dS = P (dP - delta), dV = P^T dO, dK = dS^T Q scale, dQ = dS K scale. One warp copies, two
// warpgroups compute; the kernel of the keys works on transposed scores, so that P and dS are
// always a product's first factor and stay in registers.

#include "kernels/cuda/hopper_attention.h"

#include <algorithm>
#include <cstdlib>
#include <cstring>

#include <cudaTypedefs.h>

#include "kernels/cuda/hopper_attention.cuh"

namespace z2::cuda {

namespace hopper {

constexpr float kLog2e = 1.4426950408889634f;
constexpr int kConsumerRegisters = 232;
constexpr int kProducerRegisters = 40;

// lse / ln 2 and delta of each query, in tiles that are whole: behind the last position P is 0.
template <typename T>
__global__ void statsKernel(Problem<T> p, int* counters, const T* dOut, const T* out,
                            const float* lse, int D) {
  if (blockIdx.x == 0 && threadIdx.x < 2) counters[threadIdx.x] = 0;
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
  float* place = p.stats + ((b * p.Hq + h) * p.tiles + t / kTileRows) * kStatFloats + t % kTileRows;
  place[0] = isThere ? lse[(b * p.Hq + h) * p.length + t] * kLog2e : INFINITY;
  place[kTileRows] = sum;
}

// ---- dK and dV

template <typename T, int D>
__device__ __forceinline__ void copyForKeys(Shared<D>& shared, const Problem<T>& p,
                                            const CUtensorMap* qkv, const CUtensorMap* dOut) {
  Ring<Shared<D>::kStages> ring;
  uint32_t parity = 0;
  for (int index; (index = nextItem(shared, p, parity)) >= 0;) {
    const Item item = itemAt(p, index);
    const int b = item.pair / p.Hkv, head = item.pair % p.Hkv, shared0 = p.Hq / p.Hkv;
    for (int group = 0; group < kGroups; ++group) {
      const int row = item.block * kBlockRows + group * kTileRows;
      copyTile<D>(shared.own[group][0], qkv, &shared.ownFull, p.Hq + head, row, b);
      copyTile<D>(shared.own[group][1], qkv, &shared.ownFull, p.Hq + p.Hkv + head, row, b);
    }
    for (int h = head * shared0; h < (head + 1) * shared0; ++h)
      for (int tile = item.block * kGroups; tile < p.tiles; ++tile, ring.next()) {
        uint64_t* full = &shared.full[ring.stage];
        wait(&shared.empty[ring.stage], ring.parity ^ 1);
        arriveAndExpect(full, 2 * Shared<D>::kTileBytes + kStatFloats * sizeof(float));
        copyTile<D>(shared.stage[ring.stage][0], qkv, full, h, tile * kTileRows, b);
        copyTile<D>(shared.stage[ring.stage][1], dOut, full, h, tile * kTileRows, b);
        copyBytes(shared.stats[ring.stage],
                  p.stats + (static_cast<int64_t>(b * p.Hq + h) * p.tiles + tile) * kStatFloats,
                  kStatFloats * sizeof(float), full);
      }
  }
}

// P^T of a tile from S^T: rows are keys, columns are queries.
__device__ __forceinline__ void probabilitiesOfKeys(float (&s)[32], const float* stats,
                                                    float scale2, int key, int query, bool masks) {
  const int lane = threadIdx.x % 32;
  if (masks) {
#pragma unroll
    for (int i = 0; i < 32; ++i) {
      const int k = key + i % 4 / 2 * 8, q = query + i / 4 * 8 + lane % 4 * 2 + i % 2;
      if (k > q) s[i] = -INFINITY;
    }
  }
#pragma unroll
  for (int j = 0; j < 8; ++j) {
    const float2 lse = reinterpret_cast<const float2*>(stats)[4 * j + lane % 4];
#pragma unroll
    for (int i = 0; i < 4; ++i)
      s[4 * j + i] = exp2Fast(fmaf(s[4 * j + i], scale2, i % 2 == 0 ? -lse.x : -lse.y));
  }
}

__device__ __forceinline__ void gradientsOfKeys(float (&dP)[32], const float (&P)[32],
                                                const float* stats) {
  const int lane = threadIdx.x % 32;
#pragma unroll
  for (int j = 0; j < 8; ++j) {
    const float2 delta = reinterpret_cast<const float2*>(stats + kTileRows)[4 * j + lane % 4];
#pragma unroll
    for (int i = 0; i < 4; ++i)
      dP[4 * j + i] = P[4 * j + i] * (dP[4 * j + i] - (i % 2 == 0 ? delta.x : delta.y));
  }
}

template <typename T, int D>
__device__ __forceinline__ void writeKeys(Shared<D>& shared, const Problem<T>& p, const Item& item,
                                          int group, float (&dK)[D / 64][32],
                                          float (&dV)[D / 64][32]) {
  const int lane = threadIdx.x % 32, warp = threadIdx.x % 128 / 32;
  const int first = item.block * kBlockRows + group * kTileRows + warp * 16;
  const int b = item.pair / p.Hkv, head = item.pair % p.Hkv, count = p.length - first;
  const int64_t stride = static_cast<int64_t>(p.Hq + 2 * p.Hkv) * D;
  const int64_t row = static_cast<int64_t>(b) * p.length + first;
  T* out = p.dQkv + row * stride + (p.Hq + head) * D;
  if (p.cosine != nullptr) {
    const int64_t last = static_cast<int64_t>(b + 1) * p.length - 1;
    rotateBack<T, D>(dK, p, {p.positions[min(row + lane / 4, last)],
                             p.positions[min(row + lane / 4 + 8, last)]});
  }
  storeRows<T, D>(dK, p.scale, shared.result[group], out, stride, count);
  storeRows<T, D>(dV, 1.f, shared.result[group], out + p.Hkv * D, stride, count);
}

// At head size 128 registers are short: dP waits until P is packed, and P comes back from there.
template <typename T, int D>
__device__ __forceinline__ void computeKeys(Shared<D>& shared, const Problem<T>& p, int group) {
  using S = Shared<D>;
  const int lane = threadIdx.x % 32, warp = threadIdx.x % 128 / 32;
  const float scale2 = p.scale * kLog2e;
  const uint32_t ownK = sharedAddress(shared.own[group][0]);
  const uint32_t ownV = sharedAddress(shared.own[group][1]);
  Ring<S::kStages> ring;
  uint32_t parity = 0;
  uint32_t K[D / 16][4], V[D / 16][4], packedP[4][4], packedS[4][4];
  float dK[S::kPanels][32], dV[S::kPanels][32], s[32], dP[32];
  for (;;) {
    wait(&shared.ownFull, parity);
    parity ^= 1;
    if (shared.item < 0) return;
    const Item item = itemAt(p, shared.item);
    if constexpr (S::kHoldsOwn) {
      loadOwn<D>(K, shared.own[group][0]);
      loadOwn<D>(V, shared.own[group][1]);
      __syncwarp();
      if (lane == 0) arrive(&shared.ownEmpty);
    }
    clear<D>(dK);
    clear<D>(dV);
    const int firstKey = item.block * kBlockRows + group * kTileRows;
    int pending = -1;  // the stage that products may still read
    for (int h = 0; h < p.Hq / p.Hkv; ++h) {
      int tile = item.block * kGroups;
      // Queries before the first key: nothing to do.
      for (; tile < p.tiles && tile * kTileRows + kTileRows <= firstKey; ++tile, ring.next()) {
        wait(&shared.full[ring.stage], ring.parity);
        if (lane == 0) arrive(&shared.empty[ring.stage]);
      }
      for (; tile < p.tiles; ++tile, ring.next()) {
        const uint32_t Q = sharedAddress(shared.stage[ring.stage][0]);
        const uint32_t dO = sharedAddress(shared.stage[ring.stage][1]);
        const float* stats = shared.stats[ring.stage];
        wait(&shared.full[ring.stage], ring.parity);
        const int firstQuery = tile * kTileRows;
        const bool masks = firstQuery < firstKey + kTileRows;
        const int key = firstKey + warp * 16 + lane / 4;
        if constexpr (S::kHoldsOwn) keep<D>(K, p.never), keep<D>(V, p.never * 64);
        beginProducts();
        scores<T, D>(s, K, ownK, Q);
        commitProducts();
        if constexpr (S::kHoldsOwn) {
          scores<T, D>(dP, V, ownV, dO);
          commitProducts();
          awaitProducts<1>();
        } else {
          awaitProducts<0>();
        }
        settle(s);
        if (pending >= 0 && lane == 0) arrive(&shared.empty[pending]);
        probabilitiesOfKeys(s, stats, scale2, key, firstQuery, masks);
        packAll<T>(packedP, s);
        beginProducts();
        if constexpr (!S::kHoldsOwn) {
          scores<T, D>(dP, V, ownV, dO);
          commitProducts();
        }
        accumulate<T, D>(dV, packedP, dO);
        commitProducts();
        awaitProducts<1>();
        settle(dP);
        if constexpr (!S::kHoldsOwn) unpackAll<T>(s, packedP);
        gradientsOfKeys(dP, s, stats);
        packAll<T>(packedS, dP);
        beginProducts();
        accumulate<T, D>(dK, packedS, Q);
        commitProducts();
        pending = ring.stage;
      }
    }
    awaitProducts<0>();
#pragma unroll
    for (int panel = 0; panel < S::kPanels; ++panel) settle(dK[panel]), settle(dV[panel]);
    if (lane == 0) {
      if (pending >= 0) arrive(&shared.empty[pending]);
      if (!S::kHoldsOwn) arrive(&shared.ownEmpty);
    }
    writeKeys<T, D>(shared, p, item, group, dK, dV);
  }
}

template <typename T, int D>
__global__ void __launch_bounds__(kThreads, 1)
    keysKernel(const __grid_constant__ Problem<T> p, const __grid_constant__ CUtensorMap qkv,
               const __grid_constant__ CUtensorMap dOut) {
  extern __shared__ char memory[];
  Shared<D>& shared = sharedOf<D>(memory);
  initShared(shared);
  const int group = static_cast<int>(threadIdx.x) / 128 - 1;
  if (group < 0) {
    giveRegisters<kProducerRegisters>();
    if (threadIdx.x == 0) copyForKeys<T, D>(shared, p, &qkv, &dOut);
  } else {
    takeRegisters<kConsumerRegisters>();
    computeKeys<T, D>(shared, p, group);
  }
}

// ---- dQ

// The longest rows of scores are the last.
template <typename T>
__device__ __forceinline__ Item itemOfQueries(const Problem<T>& p, int index) {
  const Item item = itemAt(p, index);
  return {p.blocks - 1 - item.block, item.pair};
}
template <typename T>
__device__ __forceinline__ int keyTiles(const Problem<T>& p, const Item& item) {
  return min(p.tiles, (item.block + 1) * kGroups);
}

template <typename T, int D>
__device__ __forceinline__ void copyForQueries(Shared<D>& shared, const Problem<T>& p,
                                               const CUtensorMap* qkv, const CUtensorMap* dOut) {
  Ring<Shared<D>::kStages> ring;
  uint32_t parity = 0;
  for (int index; (index = nextItem(shared, p, parity)) >= 0;) {
    const Item item = itemOfQueries(p, index);
    const int b = item.pair / p.Hq, h = item.pair % p.Hq, head = h / (p.Hq / p.Hkv);
    for (int group = 0; group < kGroups; ++group) {
      const int row = item.block * kBlockRows + group * kTileRows;
      copyTile<D>(shared.own[group][0], qkv, &shared.ownFull, h, row, b);
      copyTile<D>(shared.own[group][1], dOut, &shared.ownFull, h, row, b);
    }
    for (int tile = 0; tile < keyTiles(p, item); ++tile, ring.next()) {
      uint64_t* full = &shared.full[ring.stage];
      wait(&shared.empty[ring.stage], ring.parity ^ 1);
      arriveAndExpect(full, 2 * Shared<D>::kTileBytes);
      const int row = tile * kTileRows;
      copyTile<D>(shared.stage[ring.stage][0], qkv, full, p.Hq + head, row, b);
      copyTile<D>(shared.stage[ring.stage][1], qkv, full, p.Hq + p.Hkv + head, row, b);
    }
  }
}

// P of a tile from S: rows are queries, columns are keys; lse of the thread's two rows.
__device__ __forceinline__ void probabilitiesOfQueries(float (&s)[32], const float (&lse)[2],
                                                       float scale2, int query, int key,
                                                       bool masks) {
  const int lane = threadIdx.x % 32;
  if (masks) {
#pragma unroll
    for (int i = 0; i < 32; ++i) {
      const int q = query + i % 4 / 2 * 8, k = key + i / 4 * 8 + lane % 4 * 2 + i % 2;
      if (k > q) s[i] = -INFINITY;
    }
  }
#pragma unroll
  for (int i = 0; i < 32; ++i) s[i] = exp2Fast(fmaf(s[i], scale2, -lse[i % 4 / 2]));
}

template <typename T, int D>
__device__ __forceinline__ void writeQueries(Shared<D>& shared, const Problem<T>& p,
                                             const Item& item, int group,
                                             float (&dQ)[D / 64][32]) {
  const int lane = threadIdx.x % 32, warp = threadIdx.x % 128 / 32;
  const int first = item.block * kBlockRows + group * kTileRows + warp * 16;
  const int b = item.pair / p.Hq, h = item.pair % p.Hq;
  const int64_t stride = static_cast<int64_t>(p.Hq + 2 * p.Hkv) * D;
  const int64_t row = static_cast<int64_t>(b) * p.length + first;
  if (p.cosine != nullptr) {
    const int64_t last = static_cast<int64_t>(b + 1) * p.length - 1;
    rotateBack<T, D>(dQ, p, {p.positions[min(row + lane / 4, last)],
                             p.positions[min(row + lane / 4 + 8, last)]});
  }
  storeRows<T, D>(dQ, p.scale, shared.result[group], p.dQkv + row * stride + h * D, stride,
                  p.length - first);
}

template <typename T, int D>
__device__ __forceinline__ void computeQueries(Shared<D>& shared, const Problem<T>& p, int group) {
  using S = Shared<D>;
  const int lane = threadIdx.x % 32, warp = threadIdx.x % 128 / 32;
  const float scale2 = p.scale * kLog2e;
  const uint32_t ownQ = sharedAddress(shared.own[group][0]);
  const uint32_t ownO = sharedAddress(shared.own[group][1]);
  Ring<S::kStages> ring;
  uint32_t parity = 0;
  uint32_t Q[D / 16][4], dO[D / 16][4], packedS[4][4];
  float dQ[S::kPanels][32], s[32], dP[32];
  for (;;) {
    wait(&shared.ownFull, parity);
    parity ^= 1;
    if (shared.item < 0) return;
    const Item item = itemOfQueries(p, shared.item);
    if constexpr (S::kHoldsOwn) {
      loadOwn<D>(Q, shared.own[group][0]);
      loadOwn<D>(dO, shared.own[group][1]);
      __syncwarp();
      if (lane == 0) arrive(&shared.ownEmpty);
    }
    const int ownTile = item.block * kGroups + group;
    float lse[2] = {INFINITY, INFINITY}, delta[2] = {};
    if (ownTile < p.tiles) {
      const float* stats = p.stats +
                           (static_cast<int64_t>(item.pair) * p.tiles + ownTile) * kStatFloats +
                           warp * 16 + lane / 4;
      lse[0] = stats[0], lse[1] = stats[8];
      delta[0] = stats[kTileRows], delta[1] = stats[kTileRows + 8];
    }
    clear<D>(dQ);
    int pending = -1;
    const int tiles = keyTiles(p, item);
    for (int tile = 0; tile < min(tiles, ownTile + 1); ++tile, ring.next()) {
      const uint32_t K = sharedAddress(shared.stage[ring.stage][0]);
      const uint32_t V = sharedAddress(shared.stage[ring.stage][1]);
      wait(&shared.full[ring.stage], ring.parity);
      if constexpr (S::kHoldsOwn) keep<D>(Q, p.never), keep<D>(dO, p.never * 64);
      beginProducts();
      scores<T, D>(s, Q, ownQ, K);
      commitProducts();
      scores<T, D>(dP, dO, ownO, V);
      commitProducts();
      awaitProducts<1>();
      settle(s);
      if (pending >= 0 && lane == 0) arrive(&shared.empty[pending]);
      probabilitiesOfQueries(s, lse, scale2, ownTile * kTileRows + warp * 16 + lane / 4,
                             tile * kTileRows, tile == ownTile);
      awaitProducts<0>();
      settle(dP);
#pragma unroll
      for (int i = 0; i < 32; ++i) dP[i] = s[i] * (dP[i] - delta[i % 4 / 2]);
      packAll<T>(packedS, dP);
      beginProducts();
      accumulate<T, D>(dQ, packedS, K);
      commitProducts();
      pending = ring.stage;
    }
    // Keys behind the last query: nothing to do.
    for (int tile = ownTile + 1; tile < tiles; ++tile, ring.next()) {
      wait(&shared.full[ring.stage], ring.parity);
      if (lane == 0) arrive(&shared.empty[ring.stage]);
    }
    awaitProducts<0>();
#pragma unroll
    for (int panel = 0; panel < S::kPanels; ++panel) settle(dQ[panel]);
    if (lane == 0) {
      if (pending >= 0) arrive(&shared.empty[pending]);
      if (!S::kHoldsOwn) arrive(&shared.ownEmpty);
    }
    writeQueries<T, D>(shared, p, item, group, dQ);
  }
}

template <typename T, int D>
__global__ void __launch_bounds__(kThreads, 1)
    queriesKernel(const __grid_constant__ Problem<T> p, const __grid_constant__ CUtensorMap qkv,
                  const __grid_constant__ CUtensorMap dOut) {
  extern __shared__ char memory[];
  Shared<D>& shared = sharedOf<D>(memory);
  initShared(shared);
  const int group = static_cast<int>(threadIdx.x) / 128 - 1;
  if (group < 0) {
    giveRegisters<kProducerRegisters>();
    if (threadIdx.x == 0) copyForQueries<T, D>(shared, p, &qkv, &dOut);
  } else {
    takeRegisters<kConsumerRegisters>();
    computeQueries<T, D>(shared, p, group);
  }
}

}  // namespace hopper

namespace {

using hopper::Problem;

constexpr int kStatsThreads = 256;
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
                CU_TENSOR_MAP_L2_PROMOTION_L2_256B, CU_TENSOR_MAP_FLOAT_OOB_FILL_NONE) ==
             CUDA_SUCCESS;
}

size_t statsBytes(const Z2AttentionBackward& p) {
  return static_cast<size_t>(p.B * p.Hq * divideUp(p.T, hopper::kTileRows)) *
         hopper::kStatFloats * sizeof(float);
}

template <typename Kernel, typename T>
Z2Status launch(Z2Context* context, Kernel* kernel, size_t shared, const Problem<T>& problem,
                const CUtensorMap& qkv, const CUtensorMap& dOut) {
  const cudaError_t allowed = cudaFuncSetAttribute(
      kernel, cudaFuncAttributeMaxDynamicSharedMemorySize, static_cast<int>(shared));
  if (allowed != cudaSuccess) return check(context, allowed, "attention: shared memory");
  const int blocks = std::min(context->multiprocessors, problem.pairs * problem.blocks);
  kernel<<<blocks, hopper::kThreads, shared, context->stream>>>(problem, qkv, dOut);
  return check(context, cudaGetLastError(), "attentionBackward");
}

template <typename T, int D>
Z2Status run(Z2Context* context, const Z2AttentionBackward& p) {
  CUtensorMap qkv, dOut;
  if (!describeTensor(&qkv, p.qkv, p.type, p.B, p.T, p.Hq + 2 * p.Hkv, D) ||
      !describeTensor(&dOut, p.dOut, p.type, p.B, p.T, p.Hq, D))
    return fail(context, Z2_FAILED, "attention: the driver cannot describe the tensors");
  auto* counters = static_cast<int*>(p.workspace);
  Problem<T> problem{};
  problem.dQkv = static_cast<T*>(p.dQkv);
  problem.stats = reinterpret_cast<float*>(static_cast<char*>(p.workspace) + kCounterBytes);
  problem.B = static_cast<int>(p.B), problem.length = static_cast<int>(p.T);
  problem.Hq = static_cast<int>(p.Hq), problem.Hkv = static_cast<int>(p.Hkv);
  problem.tiles = static_cast<int>(divideUp(p.T, hopper::kTileRows));
  problem.blocks = static_cast<int>(divideUp(p.T, hopper::kBlockRows));
  problem.scale = p.scale;
  if (p.rope != nullptr) {
    problem.cosine = p.rope->cosine, problem.sine = p.rope->sine;
    problem.positions = p.rope->positions;
  }
  const int64_t threads = p.B * problem.tiles * hopper::kTileRows * p.Hq * (D / 8);
  hopper::statsKernel<T><<<static_cast<unsigned>(divideUp(threads, kStatsThreads)), kStatsThreads,
                           0, context->stream>>>(problem, counters, static_cast<const T*>(p.dOut),
                                                 static_cast<const T*>(p.out), p.lse, D);
  if (const Z2Status status = check(context, cudaGetLastError(), "attentionBackward");
      status != Z2_OK)
    return status;
  const auto ofSet = [&](int64_t bytes, int pairs) {
    return static_cast<int>(std::clamp<int64_t>(kSetBytes / bytes, 1, pairs));
  };
  const int64_t headBytes = p.T * D * 2 * 2;  // two tensors of one head
  const size_t shared = sizeof(hopper::Shared<D>) + 1024;
  problem.counter = counters;
  problem.pairs = problem.B * problem.Hkv;
  problem.pairsOfSet = ofSet(headBytes * (p.Hq / p.Hkv), problem.pairs);
  if (const Z2Status status =
          launch(context, hopper::keysKernel<T, D>, shared, problem, qkv, dOut);
      status != Z2_OK)
    return status;
  problem.counter = counters + 1;
  problem.pairs = problem.B * problem.Hq;
  problem.pairsOfSet = ofSet(headBytes, problem.pairs);
  return launch(context, hopper::queriesKernel<T, D>, shared, problem, qkv, dOut);
}

bool isSwitchedOff() {
  const char* wish = std::getenv("Z2_HOPPER_ATTENTION");
  return wish != nullptr && std::strcmp(wish, "off") == 0;
}

}  // namespace

bool takesHopperBackward(const Z2Context* context, const Z2AttentionBackward& p) {
  static const bool isOff = isSwitchedOff();
  return context->isHopper && !isOff && p.fused != 0 && p.type != Z2_F32 &&
         (p.D == 64 || p.D == 128) && p.documentStart == nullptr && p.dropout.probability <= 0.f;
}

size_t hopperBackwardWorkspace(const Z2AttentionBackward& p) {
  return kCounterBytes + statsBytes(p);
}

Z2Status hopperBackward(Z2Context* context, const Z2AttentionBackward& p) {
  if (p.type == Z2_F16)
    return p.D == 64 ? run<__half, 64>(context, p) : run<__half, 128>(context, p);
  return p.D == 64 ? run<__nv_bfloat16, 64>(context, p) : run<__nv_bfloat16, 128>(context, p);
}

}  // namespace z2::cuda
