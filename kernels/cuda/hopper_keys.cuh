#pragma once

// dK and dV: a block of keys walks over the queries that see it. Works on transposed scores, so that
// P^T and dS^T are always a product's first factor and stay in registers.

#include "kernels/cuda/hopper_attention.cuh"

namespace z2::cuda::hopper {

template <typename T, int D, bool kDocuments>
__device__ __forceinline__ void copyForKeys(Shared<D>& shared, const Problem<T>& p,
                                            const CUtensorMap* qkv, const CUtensorMap* dOut) {
  constexpr uint32_t kStatBytes = kStatFloats<kDocuments> * sizeof(float);
  Ring<Shared<D>::kStages> ring;
  uint32_t parity = 0;
  for (int index; (index = nextItem<2>(shared, p, parity)) >= 0;) {
    const Item item = itemAt(p, index);
    const int b = item.pair / p.Hkv, head = item.pair % p.Hkv, shared0 = p.Hq / p.Hkv;
    for (int group = 0; group < kGroups; ++group) {
      const int row = item.block * kBlockRows + group * kTileRows;
      copyTile<D>(shared.own[group][0], qkv, &shared.ownFull, p.Hq + head, row, b);
      copyTile<D>(shared.own[group][1], qkv, &shared.ownFull, p.Hq + p.Hkv + head, row, b);
    }
    const int last = lastQueries<kDocuments>(p, b, item.block * kGroups + kGroups - 1);
    for (int h = head * shared0; h < (head + 1) * shared0; ++h)
      for (int tile = item.block * kGroups; tile <= last; ++tile, ring.next()) {
        uint64_t* full = &shared.full[ring.stage];
        wait(&shared.empty[ring.stage], ring.parity ^ 1);
        arriveAndExpect(full, 2 * Shared<D>::kTileBytes + kStatBytes);
        copyTile<D>(shared.stage[ring.stage][0], qkv, full, h, tile * kTileRows, b);
        copyTile<D>(shared.stage[ring.stage][1], dOut, full, h, tile * kTileRows, b);
        copyBytes(shared.stats[ring.stage],
                  p.stats + (static_cast<int64_t>(b * p.Hq + h) * p.tiles + tile) *
                                kStatFloats<kDocuments>,
                  kStatBytes, full);
      }
  }
}

// Scores that the mask hides, of S^T: rows are keys, columns are queries.
template <bool kDocuments>
__device__ __forceinline__ void maskOfKeys(float (&s)[32], const float* stats, int key, int query) {
  const int lane = threadIdx.x % 32;
#pragma unroll
  for (int j = 0; j < 8; ++j) {
    int2 start = {};
    if (kDocuments) start = reinterpret_cast<const int2*>(stats + 2 * kTileRows)[4 * j + lane % 4];
#pragma unroll
    for (int i = 0; i < 4; ++i) {
      const int k = key + i / 2 * 8, q = query + j * 8 + lane % 4 * 2 + i % 2;
      if (k > q || (kDocuments && k < (i % 2 == 0 ? start.x : start.y))) s[4 * j + i] = -INFINITY;
    }
  }
}

// P^T of a tile from S^T.
__device__ __forceinline__ void probabilitiesOfKeys(float (&s)[32], const float* stats,
                                                    float scale2) {
  const int lane = threadIdx.x % 32;
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

// What a warpgroup holds of its keys while queries stream by. At head size 128 registers are short:
// K and V stay in shared memory.
template <int D>
struct Keys {
  uint32_t K[D / 16][4], V[D / 16][4];
  uint32_t placeK, placeV;  // in shared memory
  int first;                // the warpgroup's first key
  float dK[D / 64][32], dV[D / 64][32];
};

// One tile of queries, in the ring's stage. `pending`: the stage that products may still read; it is
// given back once they have ended. At head size 128 dP waits until P is packed, and P comes back
// from there.
template <typename T, int D, bool kDocuments>
__device__ __forceinline__ void tileOfKeys(Shared<D>& shared, const Problem<T>& p, Keys<D>& keys,
                                           const Ring<Shared<D>::kStages>& ring, int tile,
                                           int pending) {
  using S = Shared<D>;
  const int lane = threadIdx.x % 32, warp = threadIdx.x % 128 / 32;
  const uint32_t Q = sharedAddress(shared.stage[ring.stage][0]);
  const uint32_t dO = sharedAddress(shared.stage[ring.stage][1]);
  const float* stats = shared.stats[ring.stage];
  uint32_t packedP[4][4], packedS[4][4];
  float s[32], dP[32];
  wait(&shared.full[ring.stage], ring.parity);
  if constexpr (S::kHoldsOwn) keep<D>(keys.K, p.never), keep<D>(keys.V, p.never * 64);
  beginProducts();
  scores<T, D>(s, keys.K, keys.placeK, Q);
  commitProducts();
  if constexpr (S::kHoldsOwn) {
    scores<T, D>(dP, keys.V, keys.placeV, dO);
    commitProducts();
    awaitProducts<1>();
  } else {
    awaitProducts<0>();
  }
  settle(s);
  if (pending >= 0) warpArrives(&shared.empty[pending]);
  const int firstQuery = tile * kTileRows;
  const auto* starts = reinterpret_cast<const int*>(stats + 2 * kTileRows);
  if (firstQuery < keys.first + kTileRows || (kDocuments && starts[kTileRows - 1] > keys.first))
    maskOfKeys<kDocuments>(s, stats, keys.first + warp * 16 + lane / 4, firstQuery);
  probabilitiesOfKeys(s, stats, p.scale * kLog2e);
  packAll<T>(packedP, s);
  beginProducts();
  if constexpr (!S::kHoldsOwn) {
    scores<T, D>(dP, keys.V, keys.placeV, dO);
    commitProducts();
  }
  accumulate<T, D>(keys.dV, packedP, dO);
  commitProducts();
  awaitProducts<1>();
  settle(dP);
  if constexpr (!S::kHoldsOwn) unpackAll<T>(s, packedP);
  gradientsOfKeys(dP, s, stats);
  packAll<T>(packedS, dP);
  beginProducts();
  accumulate<T, D>(keys.dK, packedS, Q);
  commitProducts();
}

template <typename T, int D, bool kDocuments>
__device__ __forceinline__ void computeKeys(Shared<D>& shared, const Problem<T>& p, int group) {
  using S = Shared<D>;
  Ring<S::kStages> ring;
  uint32_t parity = 0;
  Keys<D> keys;
  keys.placeK = sharedAddress(shared.own[group][0]);
  keys.placeV = sharedAddress(shared.own[group][1]);
  for (;;) {
    wait(&shared.ownFull, parity);
    parity ^= 1;
    if (shared.item < 0) return;
    const Item item = itemAt(p, shared.item);
    if constexpr (S::kHoldsOwn) {
      loadOwn<D>(keys.K, shared.own[group][0]);
      loadOwn<D>(keys.V, shared.own[group][1]);
      warpArrives(&shared.ownEmpty);
    }
    clear<D>(keys.dK);
    clear<D>(keys.dV);
    keys.first = item.block * kBlockRows + group * kTileRows;
    const int b = item.pair / p.Hkv, first = item.block * kGroups;
    const int last = lastQueries<kDocuments>(p, b, first + kGroups - 1);
    const int ownLast = lastQueries<kDocuments>(p, b, first + group);
    int pending = -1;
    for (int h = 0; h < p.Hq / p.Hkv; ++h) {
      int tile = first;
      // Queries before the first key: nothing to do.
      for (; tile <= last && tile * kTileRows + kTileRows <= keys.first; ++tile)
        passStage(shared, ring);
      for (; tile <= ownLast; ++tile, ring.next()) {
        tileOfKeys<T, D, kDocuments>(shared, p, keys, ring, tile, pending);
        pending = ring.stage;
      }
      if (kDocuments && tile <= last) {
        // More stages than the ring has may come: none may stay with this warpgroup meanwhile.
        awaitProducts<0>();
        if (pending >= 0) warpArrives(&shared.empty[pending]);
        pending = -1;
        for (; tile <= last; ++tile) passStage(shared, ring);
      }
    }
    awaitProducts<0>();
#pragma unroll
    for (int panel = 0; panel < S::kPanels; ++panel)
      settle(keys.dK[panel]), settle(keys.dV[panel]);
    if (pending >= 0) warpArrives(&shared.empty[pending]);
    if constexpr (!S::kHoldsOwn) warpArrives(&shared.ownEmpty);
    writeKeys<T, D>(shared, p, item, group, keys.dK, keys.dV);
  }
}

}  // namespace z2::cuda::hopper
