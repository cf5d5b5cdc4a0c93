#pragma once

// Attention forward: a block of queries walks over the keys that it sees, with a running softmax. While
// the scores of a tile become probabilities, the products of the tile before with its V run (Shah et
// al., "FlashAttention-3", 2024).

#include "kernels/cuda/hopper_queries.cuh"

namespace z2::cuda::hopper {

template <typename T, int D, bool kDocuments>
__device__ __forceinline__ void copyForForward(Shared<D>& shared, const Problem<T>& p,
                                               const CUtensorMap* qkv) {
  Ring<Shared<D>::kStages> ring;
  uint32_t parity = 0;
  for (int index; (index = nextItem<1>(shared, p, parity)) >= 0;) {
    const Item item = itemOfQueries(p, index);
    const int b = item.pair / p.Hq, h = item.pair % p.Hq, head = h / (p.Hq / p.Hkv);
    for (int group = 0; group < kGroups; ++group)
      copyTile<D>(shared.own[group][0], qkv, &shared.ownFull, h,
                  item.block * kBlockRows + group * kTileRows, b);
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

// What a warpgroup holds of its queries: the running maximum of the scores and this thread's share of
// the sum of their exponentials, for its two rows.
template <int D>
struct Attending {
  uint32_t Q[D / 16][4];
  uint32_t placeQ;
  int tile;
  int starts[2], lastStart;
  float max[2], sum[2];
  float out[D / 64][32];
};

template <bool kDocuments, int D, typename T>
__device__ __forceinline__ void beginRows(Attending<D>& its, const Problem<T>& p, int b) {
  const int lane = threadIdx.x % 32, warp = threadIdx.x % 128 / 32;
  clear<D>(its.out);
#pragma unroll
  for (int row = 0; row < 2; ++row) {
    its.max[row] = -INFINITY, its.sum[row] = 0.f, its.starts[row] = 0;
    if (kDocuments)
      its.starts[row] = p.documentStart[b * p.length + min(p.length - 1, its.tile * kTileRows +
                                                                            warp * 16 + lane / 4 +
                                                                            row * 8)];
  }
  its.lastStart = 0;
  if (kDocuments)
    its.lastStart =
        p.documentStart[b * p.length + min(p.length, (its.tile + 1) * kTileRows) - 1];
}

// Scores become probabilities over the running sum; returns by how much what was there is less.
__device__ __forceinline__ void softmaxStep(float (&s)[32], float (&max)[2], float (&sum)[2],
                                            float (&factor)[2], float scale2) {
  float most[2] = {max[0], max[1]};
#pragma unroll
  for (int i = 0; i < 32; ++i) most[i % 4 / 2] = fmaxf(most[i % 4 / 2], s[i]);
  float base[2];
#pragma unroll
  for (int row = 0; row < 2; ++row) {
    // The four threads of a row.
    most[row] = fmaxf(most[row], __shfl_xor_sync(~0u, most[row], 1));
    most[row] = fmaxf(most[row], __shfl_xor_sync(~0u, most[row], 2));
    // All that came so far may be hidden.
    base[row] = most[row] == -INFINITY ? 0.f : most[row] * scale2;
    factor[row] = exp2Fast(fmaf(max[row], scale2, -base[row]));
    max[row] = most[row];
    sum[row] *= factor[row];
  }
#pragma unroll
  for (int i = 0; i < 32; ++i) {
    s[i] = exp2Fast(fmaf(s[i], scale2, -base[i % 4 / 2]));
    sum[i % 4 / 2] += s[i];
  }
}

// The scores of the tile in the ring's stage become probabilities. Those of the tile before, which
// come in `packed`, are multiplied with its V, in stage `before`, meanwhile; kIsFirst: there is none.
template <typename T, int D, bool kDocuments, bool kIsFirst>
__device__ __forceinline__ void tileOfForward(Shared<D>& shared, const Problem<T>& p,
                                              Attending<D>& its, uint32_t (&packed)[4][4],
                                              const Ring<Shared<D>::kStages>& ring, int before,
                                              int tile) {
  using S = Shared<D>;
  const int lane = threadIdx.x % 32, warp = threadIdx.x % 128 / 32;
  float s[32], factor[2];
  wait(&shared.full[ring.stage], ring.parity);
  if constexpr (S::kHoldsOwn) keep<D>(its.Q, p.never);
  beginProducts();
  scores<T, D>(s, its.Q, its.placeQ, sharedAddress(shared.stage[ring.stage][0]));
  commitProducts();
  if constexpr (kIsFirst) {
    awaitProducts<0>();
  } else {
    accumulate<T, D>(its.out, packed, sharedAddress(shared.stage[before][1]));
    commitProducts();
    awaitProducts<1>();
  }
  settle(s);
  if (tile == its.tile || (kDocuments && tile * kTileRows < its.lastStart))
    maskOfQueries<kDocuments>(s, its.starts, its.tile * kTileRows + warp * 16 + lane / 4,
                              tile * kTileRows);
  softmaxStep(s, its.max, its.sum, factor, p.scale * kLog2e);
  if constexpr (!kIsFirst) {
    awaitProducts<0>();
    warpArrives(&shared.empty[before]);
#pragma unroll
    for (int panel = 0; panel < S::kPanels; ++panel) {
      settle(its.out[panel]);
#pragma unroll
      for (int i = 0; i < 32; ++i) its.out[panel][i] *= factor[i % 4 / 2];
    }
  }
  packAll<T>(packed, s);
}

template <typename T, int D>
__device__ __forceinline__ void writeForward(Shared<D>& shared, const Problem<T>& p,
                                             const Item& item, int group, Attending<D>& its) {
  const int lane = threadIdx.x % 32, warp = threadIdx.x % 128 / 32;
  const int b = item.pair / p.Hq, h = item.pair % p.Hq;
  const int first = its.tile * kTileRows + warp * 16, count = p.length - first;
  float inverse[2];
#pragma unroll
  for (int row = 0; row < 2; ++row) {
    float sum = its.sum[row];
    sum += __shfl_xor_sync(~0u, sum, 1);
    sum += __shfl_xor_sync(~0u, sum, 2);
    inverse[row] = 1.f / sum;
    const int place = lane / 4 + row * 8;
    if (lane % 4 == 0 && place < count)
      p.lse[static_cast<int64_t>(item.pair) * p.length + first + place] =
          its.max[row] * p.scale + logf(sum);
  }
#pragma unroll
  for (int panel = 0; panel < D / 64; ++panel)
#pragma unroll
    for (int i = 0; i < 32; ++i) its.out[panel][i] *= inverse[i % 4 / 2];
  const int64_t stride = static_cast<int64_t>(p.Hq) * D;
  storeRows<T, D>(its.out, 1.f, shared.result[group],
                  p.out + (static_cast<int64_t>(b) * p.length + first) * stride + h * D, stride,
                  count);
}

template <typename T, int D, bool kDocuments>
__device__ __forceinline__ void computeForward(Shared<D>& shared, const Problem<T>& p, int group) {
  using S = Shared<D>;
  Ring<S::kStages> ring;
  uint32_t parity = 0;
  Attending<D> its;
  its.placeQ = sharedAddress(shared.own[group][0]);
  uint32_t packed[4][4];
  for (;;) {
    wait(&shared.ownFull, parity);
    parity ^= 1;
    if (shared.item < 0) return;
    const Item item = itemOfQueries(p, shared.item);
    if constexpr (S::kHoldsOwn) {
      loadOwn<D>(its.Q, shared.own[group][0]);
      warpArrives(&shared.ownEmpty);
    }
    its.tile = item.block * kGroups + group;
    beginRows<kDocuments>(its, p, item.pair / p.Hq);
    const Span all = keysOfItem<kDocuments>(p, item);
    const Span own = keysOfGroup<kDocuments>(p, item, group);
    int tile = all.begin;
    if (kDocuments)
      for (; tile < own.begin; ++tile) passStage(shared, ring);
    tileOfForward<T, D, kDocuments, true>(shared, p, its, packed, ring, 0, tile);
    int before = ring.stage;
    ring.next();
    for (++tile; tile < own.end; ++tile, ring.next()) {
      tileOfForward<T, D, kDocuments, false>(shared, p, its, packed, ring, before, tile);
      before = ring.stage;
    }
    beginProducts();
    accumulate<T, D>(its.out, packed, sharedAddress(shared.stage[before][1]));
    commitProducts();
    awaitProducts<0>();
#pragma unroll
    for (int panel = 0; panel < S::kPanels; ++panel) settle(its.out[panel]);
    warpArrives(&shared.empty[before]);
    if constexpr (!S::kHoldsOwn) warpArrives(&shared.ownEmpty);
    // Keys behind the last query: nothing to do.
    for (; tile < all.end; ++tile) passStage(shared, ring);
    writeForward<T, D>(shared, p, item, group, its);
  }
}

}  // namespace z2::cuda::hopper
