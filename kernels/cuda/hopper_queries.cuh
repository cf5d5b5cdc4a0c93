#pragma once

// dQ: a block of queries walks over the keys that it sees.

#include "kernels/cuda/hopper_attention.cuh"

namespace z2::cuda::hopper {

template <typename T, int D, bool kDocuments>
__device__ __forceinline__ void copyForQueries(Shared<D>& shared, const Problem<T>& p,
                                               const CUtensorMap* qkv, const CUtensorMap* dOut) {
  Ring<Shared<D>::kStages> ring;
  uint32_t parity = 0;
  for (int index; (index = nextItem<2>(shared, p, parity)) >= 0;) {
    const Item item = itemOfQueries(p, index);
    const int b = item.pair / p.Hq, h = item.pair % p.Hq, head = h / (p.Hq / p.Hkv);
    for (int group = 0; group < kGroups; ++group) {
      const int row = item.block * kBlockRows + group * kTileRows;
      copyTile<D>(shared.own[group][0], qkv, &shared.ownFull, h, row, b);
      copyTile<D>(shared.own[group][1], dOut, &shared.ownFull, h, row, b);
    }
    const Span keys = keysOfItem<kDocuments>(p, item);
    for (int tile = keys.begin; tile < keys.end; ++tile, ring.next()) {
      uint64_t* full = &shared.full[ring.stage];
      wait(&shared.empty[ring.stage], ring.parity ^ 1);
      arriveAndExpect(full, 2 * Shared<D>::kTileBytes);
      const int row = tile * kTileRows;
      copyTile<D>(shared.stage[ring.stage][0], qkv, full, p.Hq + head, row, b);
      copyTile<D>(shared.stage[ring.stage][1], qkv, full, p.Hq + p.Hkv + head, row, b);
    }
  }
}

// Scores that the mask hides: rows are queries, columns are keys. `starts` of the thread's two rows.
template <bool kDocuments>
__device__ __forceinline__ void maskOfQueries(float (&s)[32], const int (&starts)[2], int query,
                                              int key) {
  const int lane = threadIdx.x % 32;
#pragma unroll
  for (int i = 0; i < 32; ++i) {
    const int row = i % 4 / 2;
    const int q = query + row * 8, k = key + i / 4 * 8 + lane % 4 * 2 + i % 2;
    if (k > q || (kDocuments && k < starts[row])) s[i] = -INFINITY;
  }
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

// What a warpgroup holds of its queries while keys stream by. lse (over ln 2), delta and start of
// the thread's two rows; a row that does not exist has P = 0.
template <int D>
struct Queries {
  uint32_t Q[D / 16][4], dO[D / 16][4];
  uint32_t placeQ, placeO;  // in shared memory
  int tile;                 // the warpgroup's own
  float lse[2], delta[2];
  int starts[2], lastStart;  // lastStart: of the tile's last row
  float dQ[D / 64][32];
};

template <bool kDocuments, int D, typename T>
__device__ __forceinline__ void loadStats(Queries<D>& queries, const Problem<T>& p, int pair) {
  const int lane = threadIdx.x % 32, warp = threadIdx.x % 128 / 32;
#pragma unroll
  for (int row = 0; row < 2; ++row)
    queries.lse[row] = INFINITY, queries.delta[row] = 0.f, queries.starts[row] = 0;
  queries.lastStart = 0;
  if (queries.tile >= p.tiles) return;
  const float* tile =
      p.stats + (static_cast<int64_t>(pair) * p.tiles + queries.tile) * kStatFloats<kDocuments>;
  const float* stats = tile + warp * 16 + lane / 4;
#pragma unroll
  for (int row = 0; row < 2; ++row) {
    queries.lse[row] = stats[row * 8];
    queries.delta[row] = stats[kTileRows + row * 8];
    if (kDocuments) queries.starts[row] = __float_as_int(stats[2 * kTileRows + row * 8]);
  }
  if (kDocuments) queries.lastStart = __float_as_int(tile[3 * kTileRows - 1]);
}

// One tile of keys, in the ring's stage. `pending`: as of tileOfKeys.
template <typename T, int D, bool kDocuments>
__device__ __forceinline__ void tileOfQueries(Shared<D>& shared, const Problem<T>& p,
                                              Queries<D>& queries,
                                              const Ring<Shared<D>::kStages>& ring, int tile,
                                              int pending) {
  using S = Shared<D>;
  const int lane = threadIdx.x % 32, warp = threadIdx.x % 128 / 32;
  const uint32_t K = sharedAddress(shared.stage[ring.stage][0]);
  const uint32_t V = sharedAddress(shared.stage[ring.stage][1]);
  uint32_t packedS[4][4];
  float s[32], dP[32];
  wait(&shared.full[ring.stage], ring.parity);
  if constexpr (S::kHoldsOwn) keep<D>(queries.Q, p.never), keep<D>(queries.dO, p.never * 64);
  beginProducts();
  scores<T, D>(s, queries.Q, queries.placeQ, K);
  commitProducts();
  scores<T, D>(dP, queries.dO, queries.placeO, V);
  commitProducts();
  awaitProducts<1>();
  settle(s);
  if (pending >= 0) warpArrives(&shared.empty[pending]);
  if (tile == queries.tile || (kDocuments && tile * kTileRows < queries.lastStart))
    maskOfQueries<kDocuments>(s, queries.starts, queries.tile * kTileRows + warp * 16 + lane / 4,
                              tile * kTileRows);
  const float scale2 = p.scale * kLog2e;
#pragma unroll
  for (int i = 0; i < 32; ++i) s[i] = exp2Fast(fmaf(s[i], scale2, -queries.lse[i % 4 / 2]));
  awaitProducts<0>();
  settle(dP);
#pragma unroll
  for (int i = 0; i < 32; ++i) dP[i] = s[i] * (dP[i] - queries.delta[i % 4 / 2]);
  packAll<T>(packedS, dP);
  beginProducts();
  accumulate<T, D>(queries.dQ, packedS, K);
  commitProducts();
}

template <typename T, int D, bool kDocuments>
__device__ __forceinline__ void computeQueries(Shared<D>& shared, const Problem<T>& p, int group) {
  using S = Shared<D>;
  Ring<S::kStages> ring;
  uint32_t parity = 0;
  Queries<D> queries;
  queries.placeQ = sharedAddress(shared.own[group][0]);
  queries.placeO = sharedAddress(shared.own[group][1]);
  for (;;) {
    wait(&shared.ownFull, parity);
    parity ^= 1;
    if (shared.item < 0) return;
    const Item item = itemOfQueries(p, shared.item);
    if constexpr (S::kHoldsOwn) {
      loadOwn<D>(queries.Q, shared.own[group][0]);
      loadOwn<D>(queries.dO, shared.own[group][1]);
      warpArrives(&shared.ownEmpty);
    }
    queries.tile = item.block * kGroups + group;
    loadStats<kDocuments>(queries, p, item.pair);
    clear<D>(queries.dQ);
    int pending = -1;
    const Span all = keysOfItem<kDocuments>(p, item);
    const Span own = keysOfGroup<kDocuments>(p, item, group);
    int tile = all.begin;
    if (kDocuments)
      for (; tile < own.begin; ++tile) passStage(shared, ring);
    for (; tile < own.end; ++tile, ring.next()) {
      tileOfQueries<T, D, kDocuments>(shared, p, queries, ring, tile, pending);
      pending = ring.stage;
    }
    // Keys behind the last query: nothing to do.
    for (; tile < all.end; ++tile) passStage(shared, ring);
    awaitProducts<0>();
#pragma unroll
    for (int panel = 0; panel < S::kPanels; ++panel) settle(queries.dQ[panel]);
    if (pending >= 0) warpArrives(&shared.empty[pending]);
    if constexpr (!S::kHoldsOwn) warpArrives(&shared.ownEmpty);
    writeQueries<T, D>(shared, p, item, group, queries.dQ);
  }
}

}  // namespace z2::cuda::hopper
