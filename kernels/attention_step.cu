// Attention of one new position a row against the cache, with RoPE before it and the new key and
// value written on the way. The keys are cut into chunks of a fixed length, a block each (Flash-
// Decoding, Dao et al., 2023), so that a short batch still fills the device; the block that ends
// last puts a row's chunks together in their order, so the bits do not depend on which one it is.

#include <algorithm>

#include "kernels/cuda/dependent_launch.cuh"
#include "kernels/cuda/element.cuh"
#include "kernels/cuda/launchers.h"

namespace z2::cuda {

namespace {

constexpr int kChunk = 64;      // keys of a block
constexpr int kKeysALane = 4;   // that a lane reads a part of
constexpr int kElements = 8;    // of a head that a lane holds

int64_t chunksOf(int64_t capacity) { return divideUp(capacity, kChunk); }

// Of the workspace: how many blocks have ended, by head; by head and chunk the greatest score and the
// sum of the weights, and the weighted sum of the values.
struct Partial {
  int* ended;
  float2* scores;
  float* sums;
  int64_t chunks;
};

size_t aligned(size_t bytes) { return (bytes + 255) / 256 * 256; }

Partial partialOf(const Z2AttentionStep& p) {
  const auto heads = static_cast<size_t>(p.B * p.Hq);
  const int64_t chunks = chunksOf(p.capacity);
  auto* memory = static_cast<char*>(p.workspace);
  char* scores = memory + aligned(heads * sizeof(int));
  char* sums = scores + aligned(heads * static_cast<size_t>(chunks) * sizeof(float2));
  return {reinterpret_cast<int*>(memory), reinterpret_cast<float2*>(scores),
          reinterpret_cast<float*>(sums), chunks};
}

// Eight elements of a head from `first` on; past its end zeros.
template <typename T, bool kIsVector>
__device__ __forceinline__ void loadPart(const T* head, int first, int D,
                                         Vector<T, kElements>& to) {
  if constexpr (kIsVector) {
    if (first < D) to = *reinterpret_cast<const Vector<T, kElements>*>(head + first);
    else to = {};
  } else {
#pragma unroll
    for (int i = 0; i < kElements; ++i) to.at[i] = first + i < D ? head[first + i] : T(0.f);
  }
}

// Element d of a head after RoPE, rounded as the cache holds it.
template <typename T>
__device__ float rotated(const T* head, int d, int half, const float* cosine, const float* sine) {
  const bool isLow = d < half;
  const int pair = isLow ? d : d - half;
  const float x = toFloat(head[d]), y = toFloat(head[isLow ? d + half : d - half]);
  const float value = x * cosine[pair] + (isLow ? -y : y) * sine[pair];
  return toFloat(fromFloat<T>(value));
}

template <typename T, int kLanes, int kHeads, bool kIsVector>
__global__ void __launch_bounds__(kChunk / kKeysALane * kLanes)
attentionStepKernel(Z2AttentionStep p, Partial partial) {
  constexpr int kThreads = kChunk / kKeysALane * kLanes, kWarps = kThreads / 32;
  constexpr int kKeysAtOnce = kThreads / kLanes, kWidest = kLanes * kElements;
  __shared__ float queries[kHeads][kWidest], newKey[kWidest], newValue[kWidest];
  __shared__ float weights[kHeads][kChunk], greatest[kHeads], total[kHeads];
  __shared__ float parts[kWarps][kHeads][kWidest];
  __shared__ bool isLast;
  const int lane = threadIdx.x % kLanes, slot = threadIdx.x / kLanes;
  const int D = static_cast<int>(p.D), half = D / 2, chunk = blockIdx.x;
  const int64_t b = blockIdx.z, firstHead = static_cast<int64_t>(blockIdx.y) * kHeads;
  const int64_t group = p.Hq / p.Hkv, kv = firstHead / group;
  letNextBegin();
  waitForPrevious();
  const int position = p.positions[b], chunks = position / kChunk + 1;
  if (chunk >= chunks) return;

  const int64_t cacheRow = p.Hkv * p.D;
  T* keys = static_cast<T*>(p.keys) + b * p.capacity * cacheRow + kv * p.D;
  T* values = static_cast<T*>(p.values) + b * p.capacity * cacheRow + kv * p.D;
  Vector<T, kElements> key[kKeysALane], value[kKeysALane];
#pragma unroll
  for (int j = 0; j < kKeysALane; ++j) {
    const int at = chunk * kChunk + j * kKeysAtOnce + slot;
    key[j] = value[j] = {};
    if (at >= position) continue;  // the newest is not there yet
    loadPart<T, kIsVector>(keys + at * cacheRow, lane * kElements, D, key[j]);
    loadPart<T, kIsVector>(values + at * cacheRow, lane * kElements, D, value[j]);
  }

  const T* row = static_cast<const T*>(p.qkv) + b * (p.Hq + 2 * p.Hkv) * p.D;
  const float* cosine = p.cosine + static_cast<int64_t>(position) * half;
  const float* sine = p.sine + static_cast<int64_t>(position) * half;
  for (int i = threadIdx.x; i < kHeads * kWidest; i += kThreads) {
    const int head = i / kWidest, d = i % kWidest;
    queries[head][d] =
        d < D ? rotated(row + (firstHead + head) * p.D, d, half, cosine, sine) * p.scale : 0.f;
  }
  if (chunk == chunks - 1) {
    const bool writes = firstHead % group == 0;
    for (int d = threadIdx.x; d < kWidest; d += kThreads) {
      newKey[d] = d < D ? rotated(row + (p.Hq + kv) * p.D, d, half, cosine, sine) : 0.f;
      newValue[d] = d < D ? toFloat(row[(p.Hq + p.Hkv + kv) * p.D + d]) : 0.f;
      if (!writes || d >= D) continue;
      keys[position * cacheRow + d] = fromFloat<T>(newKey[d]);
      values[position * cacheRow + d] = fromFloat<T>(newValue[d]);
    }
  }
  __syncthreads();

#pragma unroll
  for (int j = 0; j < kKeysALane; ++j) {
    const int at = chunk * kChunk + j * kKeysAtOnce + slot;
    if (at == position) {
#pragma unroll
      for (int i = 0; i < kElements; ++i) {
        key[j].at[i] = fromFloat<T>(newKey[lane * kElements + i]);
        value[j].at[i] = fromFloat<T>(newValue[lane * kElements + i]);
      }
    }
#pragma unroll
    for (int h = 0; h < kHeads; ++h) {
      float score = 0.f;
#pragma unroll
      for (int i = 0; i < kElements; ++i)
        score = fmaf(queries[h][lane * kElements + i], toFloat(key[j].at[i]), score);
#pragma unroll
      for (int offset = kLanes / 2; offset > 0; offset /= 2)
        score += __shfl_xor_sync(~0u, score, offset);
      if (lane == 0) weights[h][j * kKeysAtOnce + slot] = at <= position ? score : -INFINITY;
    }
  }
  __syncthreads();

  for (int h = threadIdx.x / 32; h < kHeads; h += kWarps) {
    const int w = threadIdx.x % 32;
    const float first = weights[h][w], second = weights[h][w + 32];
    const float most = warpMax(fmaxf(first, second));
    const float a = __expf(first - most), c = __expf(second - most);
    weights[h][w] = a;
    weights[h][w + 32] = c;
    const float sum = warpSum(a + c);
    if (w == 0) greatest[h] = most, total[h] = sum;
  }
  __syncthreads();

  float sums[kHeads][kElements] = {};
#pragma unroll
  for (int j = 0; j < kKeysALane; ++j) {
#pragma unroll
    for (int h = 0; h < kHeads; ++h) {
      const float weight = weights[h][j * kKeysAtOnce + slot];
#pragma unroll
      for (int i = 0; i < kElements; ++i)
        sums[h][i] = fmaf(weight, toFloat(value[j].at[i]), sums[h][i]);
    }
  }
#pragma unroll
  for (int h = 0; h < kHeads; ++h) {
#pragma unroll
    for (int i = 0; i < kElements; ++i) {
#pragma unroll
      for (int offset = 16; offset >= kLanes; offset /= 2)
        sums[h][i] += __shfl_xor_sync(~0u, sums[h][i], offset);
      if (threadIdx.x % 32 < kLanes) parts[threadIdx.x / 32][h][lane * kElements + i] = sums[h][i];
    }
  }
  __syncthreads();

  T* out = static_cast<T*>(p.out) + (b * p.Hq + firstHead) * p.D;
  const int64_t place = (b * p.Hq + firstHead) * partial.chunks;
  for (int i = threadIdx.x; i < kHeads * D; i += kThreads) {
    const int h = i / D, d = i % D;
    float sum = 0.f;
#pragma unroll
    for (int w = 0; w < kWarps; ++w) sum += parts[w][h][d];
    if (chunks == 1) out[i] = fromFloat<T>(sum / total[h]);
    else partial.sums[(place + h * partial.chunks + chunk) * D + d] = sum;
  }
  if (chunks == 1) return;
  if (threadIdx.x < kHeads)
    partial.scores[place + threadIdx.x * partial.chunks + chunk] = {greatest[threadIdx.x],
                                                                    total[threadIdx.x]};
  __threadfence();
  __syncthreads();
  int* ended = partial.ended + b * p.Hq + firstHead;
  if (threadIdx.x == 0) {
    isLast = atomicAdd(ended, 1) == chunks - 1;
    if (isLast) *ended = 0;
  }
  __syncthreads();
  if (!isLast) return;
  __threadfence();
  for (int h = threadIdx.x / 32; h < kHeads; h += kWarps) {
    const float2* scores = partial.scores + place + h * partial.chunks;
    const int w = threadIdx.x % 32;
    float most = -INFINITY, sum = 0.f;
    for (int c = w; c < chunks; c += 32) most = fmaxf(most, __ldcg(scores + c).x);
    most = warpMax(most);
    for (int c = w; c < chunks; c += 32) {
      const float2 its = __ldcg(scores + c);
      sum += its.y * __expf(its.x - most);
    }
    sum = warpSum(sum);
    if (w == 0) greatest[h] = most, total[h] = sum;
  }
  __syncthreads();
  for (int i = threadIdx.x; i < kHeads * D; i += kThreads) {
    const int h = i / D, d = i % D;
    const float2* scores = partial.scores + place + h * partial.chunks;
    const float* from = partial.sums + (place + h * partial.chunks) * D + d;
    const float most = greatest[h];
    float sum = 0.f;
#pragma unroll 8
    for (int c = 0; c < chunks; ++c)
      sum += __ldcg(from + static_cast<int64_t>(c) * D) * __expf(__ldcg(scores + c).x - most);
    out[i] = fromFloat<T>(sum / total[h]);
  }
}

template <typename T, int kLanes, int kHeads, bool kIsVector>
Z2Status launch(Z2Context* context, const Z2AttentionStep& p) {
  const dim3 grid(static_cast<unsigned>(chunksOf(p.capacity)), static_cast<unsigned>(p.Hq / kHeads),
                  static_cast<unsigned>(p.B));
  return launchDependent(context, "attentionStep",
                         attentionStepKernel<T, kLanes, kHeads, kIsVector>, grid,
                         kChunk / kKeysALane * kLanes, 0, p, partialOf(p));
}

// As many heads of a group share a block's keys as fit its registers.
template <typename T, int kLanes, int kMostHeads, bool kIsVector>
Z2Status byGroup(Z2Context* context, const Z2AttentionStep& p) {
  const int64_t group = p.Hq / p.Hkv;
  if constexpr (kMostHeads >= 4) {
    if (group % 4 == 0) return launch<T, kLanes, 4, kIsVector>(context, p);
  }
  if (group % 2 == 0) return launch<T, kLanes, 2, kIsVector>(context, p);
  return launch<T, kLanes, 1, kIsVector>(context, p);
}

}  // namespace

size_t attentionStepWorkspace(Z2Context*, const Z2AttentionStep* shape) {
  const auto heads = static_cast<size_t>(shape->B * shape->Hq);
  const auto chunks = static_cast<size_t>(chunksOf(shape->capacity));
  return aligned(heads * sizeof(int)) + aligned(heads * chunks * sizeof(float2)) +
         heads * chunks * static_cast<size_t>(shape->D) * sizeof(float);
}

Z2Status attentionStep(Z2Context* context, const Z2AttentionStep* p) {
  if (p->B <= 0) return Z2_OK;
  if (p->D % 2 != 0 || p->D > 256)
    return fail(context, Z2_INVALID,
                "attentionStep: the head size " + std::to_string(p->D) + " is odd or over 256");
  auto byType = [&]<typename T>() {
    if (p->D % kElements != 0) return byGroup<T, 32, 2, false>(context, *p);
    if (p->D <= 64) return byGroup<T, 8, 4, true>(context, *p);
    if (p->D <= 128) return byGroup<T, 16, 4, true>(context, *p);
    return byGroup<T, 32, 2, true>(context, *p);
  };
  return Z2_BY_TYPE(context, p->type, byType);
}

}  // namespace z2::cuda
