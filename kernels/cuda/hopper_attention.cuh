#pragma once

// What the kernels of kernels/attention_hopper.cu share: the problem, how work is dealt out, the
// layout of shared memory, and how an accumulator is written.

#include <cstdint>

#include "kernels/cuda/hopper.cuh"

namespace z2::cuda::hopper {

constexpr int kGroups = 2;                 // warpgroups that compute
constexpr int kThreads = 128 * (1 + kGroups);
constexpr int kBlockRows = kGroups * kTileRows;
// Of a tile of queries: lse / ln 2, delta and, where there are documents, their starts as integers.
constexpr int kMostStatFloats = 3 * kTileRows;
template <bool kDocuments>
constexpr int kStatFloats = kDocuments ? kMostStatFloats : 2 * kTileRows;

constexpr int kConsumerRegisters = 232;
constexpr int kProducerRegisters = 40;

// Tiles that see each other where a row holds several documents.
struct Range {
  int firstKeys;    // the first tile of keys that this tile of queries sees
  int lastQueries;  // the last tile of queries that sees this tile of keys
};

template <typename T>
struct Problem {
  T* dQkv;             // [B, length, (Hq + 2 Hkv) D]
  T* out;              // [B, length, Hq D]; of forward
  float* lse;          // [B, Hq, length]; of forward
  float* stats;        // [B, Hq, tiles, kStatFloats]; of backward
  const int32_t* documentStart;  // [B, length], or null
  const Range* ranges;           // [B, tiles], or null
  int* counter;        // the next item of work
  const float* cosine; // [positions, D / 2]: dQ and dK are rotated back; null: they are not
  const float* sine;
  const int32_t* positions;  // [B, length]
  int B, length, Hq, Hkv;
  int tiles;        // of 64 positions in a row
  int blocks;       // of 128 positions in a row
  int pairs;        // of batch row and head
  uint32_t never;   // 0; see keep()
  int pairsOfSet;   // that are worked on at the same time, so that what they read stays in the L2
  float scale;
};

// Item `index`: sets one after another; in a set the longest blocks come first.
struct Item {
  int block, pair;
};
template <typename T>
__device__ __forceinline__ Item itemAt(const Problem<T>& p, int index) {
  const int set = index / (p.pairsOfSet * p.blocks), within = index % (p.pairsOfSet * p.blocks);
  const int pairs = min(p.pairsOfSet, p.pairs - set * p.pairsOfSet);
  return {within / pairs, set * p.pairsOfSet + within % pairs};
}

// A block's own two tiles for each warpgroup, a ring of stages of two tiles that stream by, and a
// place where each warpgroup's results are put in order.
template <int D>
struct Shared {
  static constexpr int kPanels = D / 64;
  static constexpr uint32_t kTileBytes = kPanels * kPanelBytes;
  static constexpr int kStages = D == 64 ? 4 : 3;
  static constexpr bool kHoldsOwn = D == 64;  // own tiles are read into registers once

  alignas(1024) char own[kGroups][2][kTileBytes];
  alignas(1024) char stage[kStages][2][kTileBytes];
  alignas(128) char result[kGroups][kTileBytes];
  alignas(128) float stats[kStages][kMostStatFloats];
  uint64_t ownFull, ownEmpty;
  uint64_t full[kStages], empty[kStages];
  int item;  // -1: no more work
};

template <int D>
__device__ __forceinline__ Shared<D>& sharedOf(char* memory) {
  const uint32_t address = sharedAddress(memory);
  return *reinterpret_cast<Shared<D>*>(memory + ((1024 - address % 1024) % 1024));
}

template <int D>
__device__ __forceinline__ void initShared(Shared<D>& shared) {
  if (threadIdx.x == 0) {
    initBarrier(&shared.ownFull, 1);
    initBarrier(&shared.ownEmpty, 4 * kGroups);
    for (int i = 0; i < Shared<D>::kStages; ++i) {
      initBarrier(&shared.full[i], 1);
      initBarrier(&shared.empty[i], 4 * kGroups);
    }
    publishBarriers();
  }
  __syncthreads();
}

// The copying thread's side of "own": takes the next item, waits until the last one's tiles, of
// kTiles a warpgroup, have been read. Returns -1 after the last item, having told everybody.
template <int kTiles, int D, typename T>
__device__ __forceinline__ int nextItem(Shared<D>& shared, const Problem<T>& p, uint32_t& parity) {
  const int taken = atomicAdd(p.counter, 1);
  wait(&shared.ownEmpty, parity ^ 1);
  parity ^= 1;
  const int item = taken < p.pairs * p.blocks ? taken : -1;
  shared.item = item;
  if (item < 0) arrive(&shared.ownFull);
  else arriveAndExpect(&shared.ownFull, kGroups * kTiles * Shared<D>::kTileBytes);
  return item;
}

// The warp has read what the barrier guards.
__device__ __forceinline__ void warpArrives(uint64_t* barrier) {
  __syncwarp();
  if (threadIdx.x % 32 == 0) arrive(barrier);
}

// A stage that the warpgroup has no use for.
template <int D>
__device__ __forceinline__ void passStage(Shared<D>& shared, Ring<Shared<D>::kStages>& ring) {
  wait(&shared.full[ring.stage], ring.parity);
  warpArrives(&shared.empty[ring.stage]);
  ring.next();
}

// Items over blocks of queries: the longest rows of scores are the last.
template <typename T>
__device__ __forceinline__ Item itemOfQueries(const Problem<T>& p, int index) {
  const Item item = itemAt(p, index);
  return {p.blocks - 1 - item.block, item.pair};
}

// The tiles of keys that an item of queries, or one of its warpgroups, walks over: [begin, end).
struct Span {
  int begin, end;
};
template <bool kDocuments, typename T>
__device__ __forceinline__ Span keysOfItem(const Problem<T>& p, const Item& item) {
  const int b = item.pair / p.Hq, first = item.block * kGroups;
  return {kDocuments ? p.ranges[b * p.tiles + first].firstKeys : 0,
          min(p.tiles, first + kGroups)};
}
template <bool kDocuments, typename T>
__device__ __forceinline__ Span keysOfGroup(const Problem<T>& p, const Item& item, int group) {
  const int b = item.pair / p.Hq, own = item.block * kGroups + group;
  return {kDocuments ? p.ranges[b * p.tiles + min(own, p.tiles - 1)].firstKeys : 0,
          min(p.tiles, own + 1)};
}

// The tiles of queries that see an item's keys, or those of one of its warpgroups: up to this one.
template <bool kDocuments, typename T>
__device__ __forceinline__ int lastQueries(const Problem<T>& p, int b, int tileOfKeys) {
  if (!kDocuments) return p.tiles - 1;
  return p.ranges[b * p.tiles + min(tileOfKeys, p.tiles - 1)].lastQueries;
}

template <int D>
__device__ __forceinline__ void copyTile(char* to, const CUtensorMap* map, uint64_t* barrier,
                                         int head, int row, int b) {
#pragma unroll
  for (int panel = 0; panel < D / 64; ++panel)
    copyBox(to + panel * kPanelBytes, map, barrier, panel * 64, head, row, b);
}

// A tile's rows as the first factor of products, for the warpgroup that calls.
template <int D>
__device__ __forceinline__ void loadOwn(uint32_t (&to)[D / 16][4], const char* tile) {
  const int lane = threadIdx.x % 32, row = threadIdx.x % 128 / 32 * 16 + lane % 16;
#pragma unroll
  for (int step = 0; step < D / 16; ++step) {
    const int chunk = step % 4 * 2 + lane / 16;
    loadMatrices(to[step], sharedAddress(tile) + step / 4 * kPanelBytes + row * 128 +
                               ((chunk ^ (row % 8)) << 4));
  }
}

// nvcc 13.0 forgets, in a loop, that a product's first factor is needed again in the next round and
// gives its registers away; an ordinary instruction there that might read them makes it remember.
// `never` is 0, which the compiler does not know.
template <int D>
__device__ __forceinline__ void keep(const uint32_t (&x)[D / 16][4], uint32_t never) {
  if (never == 0) return;
#pragma unroll
  for (int step = 0; step < D / 16; ++step)
    asm volatile("st.shared.v4.b32 [%0], {%1, %2, %3, %4};" ::"r"(never * (step + 1)),
                 "r"(x[step][0]), "r"(x[step][1]), "r"(x[step][2]), "r"(x[step][3])
                 : "memory");
}

// d = own tile × streamed tile^T over the head's D columns.
template <typename T, int D>
__device__ __forceinline__ void scores(float (&d)[32], const uint32_t (&held)[D / 16][4],
                                       uint32_t own, uint32_t streamed) {
#pragma unroll
  for (int step = 0; step < D / 16; ++step) {
    if constexpr (Shared<D>::kHoldsOwn)
      product<T>(d, held[step], columnsOf(streamed, step), step > 0);
    else
      product<T>(d, columnsOf(own, step), columnsOf(streamed, step), step > 0);
  }
}

// d += a × streamed tile, over its 64 rows.
template <typename T, int D>
__device__ __forceinline__ void accumulate(float (&d)[D / 64][32], const uint32_t (&a)[4][4],
                                           uint32_t streamed) {
#pragma unroll
  for (int panel = 0; panel < D / 64; ++panel)
#pragma unroll
    for (int step = 0; step < 4; ++step)
      productAcross<T>(d[panel], a[step], rowsOf(streamed, panel, step));
}

template <typename T>
__device__ __forceinline__ void packAll(uint32_t (&to)[4][4], const float (&x)[32]) {
#pragma unroll
  for (int i = 0; i < 16; ++i) to[i / 4][i % 4] = pack<T>(x[2 * i], x[2 * i + 1]);
}

template <typename T>
__device__ __forceinline__ void unpackAll(float (&to)[32], const uint32_t (&x)[4][4]) {
#pragma unroll
  for (int i = 0; i < 16; ++i) {
    const Vector<T, 2> pair = *reinterpret_cast<const Vector<T, 2>*>(&x[i / 4][i % 4]);
    to[2 * i] = toFloat(pair.at[0]);
    to[2 * i + 1] = toFloat(pair.at[1]);
  }
}

template <int D>
__device__ __forceinline__ void clear(float (&x)[D / 64][32]) {
#pragma unroll
  for (int panel = 0; panel < D / 64; ++panel)
#pragma unroll
    for (int i = 0; i < 32; ++i) x[panel][i] = 0.f;
}

// RoPE's inverse on the two rows that a thread holds; see kernels/rope.h.
template <typename T, int D>
__device__ __forceinline__ void rotateBack(float (&x)[D / 64][32], const Problem<T>& p,
                                           const int64_t (&position)[2]) {
  const int lane = threadIdx.x % 32;
#pragma unroll
  for (int j = 0; j < D / 16; ++j) {
    float* low = D == 64 ? &x[0][4 * j] : &x[0][4 * j];
    float* high = D == 64 ? &x[0][4 * (j + 4)] : &x[D / 64 - 1][4 * j];
#pragma unroll
    for (int row = 0; row < 2; ++row) {
      const int64_t at = position[row] * (D / 2) + 8 * j + lane % 4 * 2;
      const float2 c = *reinterpret_cast<const float2*>(p.cosine + at);
      const float2 s = *reinterpret_cast<const float2*>(p.sine + at);
#pragma unroll
      for (int i = 0; i < 2; ++i) {
        const float a = low[2 * row + i], b = high[2 * row + i];
        const float cosine = i == 0 ? c.x : c.y, sine = i == 0 ? s.x : s.y;
        low[2 * row + i] = a * cosine + b * sine;
        high[2 * row + i] = b * cosine - a * sine;
      }
    }
  }
}

// Writes a warp's 16 rows of an accumulator, times `factor`; rows from `count` on do not exist.
template <typename T, int D>
__device__ __forceinline__ void storeRows(const float (&x)[D / 64][32], float factor, char* result,
                                          T* out, int64_t stride, int count) {
  const int lane = threadIdx.x % 32;
  char* own = result + threadIdx.x % 128 / 32 * 16 * D * 2;
  __syncwarp();
#pragma unroll
  for (int panel = 0; panel < D / 64; ++panel)
#pragma unroll
    for (int j = 0; j < 8; ++j)
#pragma unroll
      for (int half = 0; half < 2; ++half) {
        const int row = lane / 4 + 8 * half;
        *reinterpret_cast<uint32_t*>(own + panel * 2048 + row * 128 + ((j ^ (row % 8)) << 4) +
                                     lane % 4 * 4) =
            pack<T>(x[panel][4 * j + 2 * half] * factor, x[panel][4 * j + 2 * half + 1] * factor);
      }
  __syncwarp();
#pragma unroll
  for (int panel = 0; panel < D / 64; ++panel)
#pragma unroll
    for (int i = 0; i < 4; ++i) {
      const int row = 4 * i + lane / 8, chunk = lane % 8;
      const uint4 line = *reinterpret_cast<const uint4*>(own + panel * 2048 + row * 128 +
                                                         ((chunk ^ (row % 8)) << 4));
      if (row < count)
        *reinterpret_cast<uint4*>(out + row * stride + panel * 64 + chunk * 8) = line;
    }
}

}  // namespace z2::cuda::hopper
