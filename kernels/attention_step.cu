// Attention of one new position a row against the cache, with RoPE before it and the new key and
// value written on the way. The cached positions of a row are dealt out to the blocks of a cluster
// (Hopper and later; elsewhere one block takes them all), in a block to groups of lanes, each of
// which goes through its positions with a running maximum (Flash-Decoding, Dao et al., 2023). What
// they have is put together in a fixed order: in a warp by shuffles, then in a block and in a
// cluster through shared memory. The first cached positions are read before the kernel in front has
// ended.

#include "kernels/cuda/cluster.cuh"
#include "kernels/cuda/dependent_launch.cuh"
#include "kernels/cuda/element.cuh"
#include "kernels/cuda/launchers.h"
#include "kernels/cuda/step_attention.cuh"

namespace z2::cuda {

namespace {

using namespace attention;

constexpr int kAtOnce = 4;  // positions that a lane reads at once

// Eight elements of a head from `first` on; past its end zeros.
template <typename T, bool kIsVector>
__device__ __forceinline__ void loadPart(const T* head, int first, int D,
                                         Vector<T, kElements>& to) {
  if constexpr (kIsVector) {
    if (first < D)
      to = *reinterpret_cast<const Vector<T, kElements>*>(head + first);
    else
      to = {};
  } else {
#pragma unroll
    for (int i = 0; i < kElements; ++i) to.at[i] = first + i < D ? head[first + i] : T(0.f);
  }
}

// Few enough for the kernels in front and behind to be on a multiprocessor too.
template <int kLanes>
constexpr int kThreadsOf = kLanes == 32 ? 256 : 128;
template <typename T, int kLanes, int kHeads, bool kIsVector>
__global__ void __launch_bounds__(kThreadsOf<kLanes>, sizeof(T) == 4 || kLanes == 32 ? 2 : 4)
    attentionStepKernel(Z2AttentionStep p) {
  constexpr int kThreads = kThreadsOf<kLanes>, kWarps = kThreads / 32;
  constexpr int kGroups = kThreads / kLanes, kWidest = kLanes * kElements;
  __shared__ __align__(16) float queries[kHeads][kWidest], newKey[kWidest], newValue[kWidest];
  __shared__ __align__(16) float parts[kWarps][kHeads][kWidest], whole[kHeads][kWidest];
  __shared__ float2 partStats[kWarps][kHeads],
      wholeStats[kHeads];  // greatest score, sum of weights
  const int thread = static_cast<int>(threadIdx.x), warp = thread / 32;
  const int lane = thread % kLanes, group = thread / kLanes;
  const int D = static_cast<int>(p.D), half = D / 2;
  const int rank = static_cast<int>(blockIdx.x), ranks = static_cast<int>(gridDim.x);
  const int64_t b = blockIdx.z, firstHead = static_cast<int64_t>(blockIdx.y) * kHeads;
  const int64_t sharing = p.Hq / p.Hkv, kv = firstHead / sharing;
  letNextBegin();

  // Nothing here was written by the kernel right in front.
  const int position = __ldcg(p.positions + b);
  const int64_t cacheRow = p.Hkv * p.D;
  T* keys = static_cast<T*>(p.keys) + b * p.capacity * cacheRow + kv * p.D;
  T* values = static_cast<T*>(p.values) + b * p.capacity * cacheRow + kv * p.D;
  const int stride = ranks * kGroups;
  Vector<T, kElements> key[kAtOnce], value[kAtOnce];
  const auto read = [&](int first) {
#pragma unroll
    for (int j = 0; j < kAtOnce; ++j) {
      const int at = first + j * stride;
      key[j] = value[j] = {};
      if (at >= position) continue;  // the newest is not there yet
      loadPart<T, kIsVector>(keys + at * cacheRow, lane * kElements, D, key[j]);
      loadPart<T, kIsVector>(values + at * cacheRow, lane * kElements, D, value[j]);
    }
  };
  int first = rank * kGroups + group;
  read(first);
  const int d = thread % kWidest, pair = d < half ? d : d - half;
  const int other = d < half ? d + half : d - half;
  const float cosine = d < D ? p.cosine[static_cast<int64_t>(position) * half + pair] : 0.f;
  const float sine = d < D ? p.sine[static_cast<int64_t>(position) * half + pair] : 0.f;
  waitForPrevious();

  // Element d of a head after RoPE, rounded as the cache holds it.
  const T* row = static_cast<const T*>(p.qkv) + b * (p.Hq + 2 * p.Hkv) * p.D;
  const auto rotated = [&](const T* head) {
    const float x = toFloat(__ldcg(head + d)), y = toFloat(__ldcg(head + other));
    return toFloat(fromFloat<T>(x * cosine + (d < half ? -y : y) * sine));
  };
  for (int h = thread / kWidest; h < kHeads; h += kThreads / kWidest)
    queries[h][d] = d < D ? rotated(row + (firstHead + h) * p.D) * p.scale : 0.f;
  if (thread < kWidest) {
    newKey[d] = d < D ? rotated(row + (p.Hq + kv) * p.D) : 0.f;
    newValue[d] = d < D ? toFloat(__ldcg(row + (p.Hq + p.Hkv + kv) * p.D + d)) : 0.f;
    if (rank == 0 && firstHead % sharing == 0 && d < D) {
      keys[position * cacheRow + d] = fromFloat<T>(newKey[d]);
      values[position * cacheRow + d] = fromFloat<T>(newValue[d]);
    }
  }
  __syncthreads();

  float query[kHeads][kElements];
#pragma unroll
  for (int h = 0; h < kHeads; ++h) {
#pragma unroll
    for (int i = 0; i < kElements; ++i) query[h][i] = queries[h][lane * kElements + i];
  }
  Running<kHeads> running;
  for (int begin = rank * kGroups; begin <= position; begin += kAtOnce * stride) {
    float scores[kHeads][kAtOnce];
#pragma unroll
    for (int j = 0; j < kAtOnce; ++j) {
      const int at = first + j * stride;
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
        for (int i = 0; i < kElements; ++i) score = fmaf(query[h][i], toFloat(key[j].at[i]), score);
#pragma unroll
        for (int offset = kLanes / 2; offset > 0; offset /= 2)
          score += __shfl_xor_sync(~0u, score, offset);
        scores[h][j] = at <= position ? score : -INFINITY;
      }
    }
#pragma unroll
    for (int h = 0; h < kHeads; ++h) running.add(h, scores[h], value);
    first += kAtOnce * stride;
    if (begin + kAtOnce * stride <= position) read(first);
  }

  running.template overWarp<kLanes>();
  if (thread % 32 < kLanes) {
#pragma unroll
    for (int h = 0; h < kHeads; ++h) {
#pragma unroll
      for (int i = 0; i < kElements; ++i)
        parts[warp][h][lane * kElements + i] = running.values[h][i];
      if (lane == 0) partStats[warp][h] = {running.most[h], running.weight[h]};
    }
  }
  __syncthreads();
  for (int h = thread / kWidest; h < kHeads; h += kThreads / kWidest) {
    float most = -INFINITY, weight = 0.f, sum = 0.f;
#pragma unroll
    for (int w = 0; w < kWarps; ++w) most = fmaxf(most, partStats[w][h].x);
#pragma unroll
    for (int w = 0; w < kWarps; ++w) {
      const float scale = rescale(partStats[w][h].x, most);
      weight += partStats[w][h].y * scale;
      sum += parts[w][h][d] * scale;
    }
    whole[h][d] = sum;
    if (d == 0) wholeStats[h] = {most, weight};
  }
  clusterBarrier();

  // Each block writes its share of the outputs.
  T* out = static_cast<T*>(p.out) + (b * p.Hq + firstHead) * p.D;
  const int share = (kHeads * D + ranks - 1) / ranks;
  const int end = min((rank + 1) * share, kHeads * D);
  for (int i = rank * share + thread; i < end; i += kThreads) {
    const int h = i / D, element = i % D;
    float2 stats[kCluster];
    float sums[kCluster], most = -INFINITY, weight = 0.f, sum = 0.f;
#pragma unroll
    for (int r = 0; r < kCluster; ++r) {
      stats[r] = r < ranks ? *inBlock(&wholeStats[h], r) : make_float2(-INFINITY, 0.f);
      sums[r] = r < ranks ? *inBlock(&whole[h][element], r) : 0.f;
      most = fmaxf(most, stats[r].x);
    }
#pragma unroll
    for (int r = 0; r < kCluster; ++r) {
      const float scale = rescale(stats[r].x, most);
      weight += stats[r].y * scale;
      sum += sums[r] * scale;
    }
    out[i] = fromFloat<T>(sum / weight);
  }
  clusterBarrier();  // nobody leaves while others read here
}

template <typename T, int kLanes, int kHeads, bool kIsVector>
Z2Status launch(Z2Context* context, const Z2AttentionStep& p) {
  const unsigned cluster = context->isHopper ? kCluster : 1;
  const dim3 grid(cluster, static_cast<unsigned>(p.Hq / kHeads), static_cast<unsigned>(p.B));
  return launchDependent(context, "attentionStep",
                         attentionStepKernel<T, kLanes, kHeads, kIsVector>, grid,
                         kThreadsOf<kLanes>, 0, cluster, p);
}

// Two heads of a group share a block's keys; four do not fit its registers.
template <typename T, int kLanes, bool kIsVector>
Z2Status byGroup(Z2Context* context, const Z2AttentionStep& p) {
  if (p.Hq / p.Hkv % 2 == 0) return launch<T, kLanes, 2, kIsVector>(context, p);
  return launch<T, kLanes, 1, kIsVector>(context, p);
}

}  // namespace

size_t attentionStepWorkspace(Z2Context*, const Z2AttentionStep*) { return 0; }

Z2Status attentionStep(Z2Context* context, const Z2AttentionStep* p) {
  if (p->B <= 0) return Z2_OK;
  if (p->D % 2 != 0 || p->D > 256)
    return fail(context, Z2_INVALID,
                "attentionStep: the head size " + std::to_string(p->D) + " is odd or over 256");
  auto byType = [&]<typename T>() {
    if (p->D % kElements != 0) return byGroup<T, 32, false>(context, *p);
    if (p->D <= 64) return byGroup<T, 8, true>(context, *p);
    if (p->D <= 128) return byGroup<T, 16, true>(context, *p);
    return byGroup<T, 32, true>(context, *p);
  };
  return Z2_BY_TYPE(context, p->type, byType);
}

}  // namespace z2::cuda
