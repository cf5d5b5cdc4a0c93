#pragma once

// Attention of a step of generation, as kernels/attention_step.cu, but dealt out to all blocks:
// each takes some of a head's positions and tells what it found; the output projection puts these
// splits together where it reads its row.

#include <cstdint>

#include "kernels/cuda/decode_model.cuh"
#include "kernels/cuda/hopper.cuh"
#include "kernels/cuda/step_attention.cuh"

namespace z2::cuda::decode {

using attention::kElements;

constexpr int kAtOnce = 6;  // positions that a lane reads at once

// A head and its positions of one split: the groups of lanes of all splits take turns.
struct Unit {
  int number, split, head, kv;
  bool isFirst;  // the one that writes the newest key and value

  __device__ Unit(const Model& model, int splits, int number)
      : number(number), split(number % splits), head(number / splits) {
    const int sharing = static_cast<int>(model.step.Hq / model.step.Hkv);
    kv = head / sharing;
    isFirst = split == 0 && head % sharing == 0;
  }
};

// A unit in shared memory: its newest vectors after RoPE, and what each warp found.
template <typename T, int kLanes>
struct UnitMemory {
  static constexpr int kWidest = kLanes * kElements;
  float query[kWidest];              // with the scale
  alignas(16) T newest[2][kWidest];  // key, value
  alignas(16) float parts[kWarps][kWidest];
  float2 stats[kWarps];
};

// Query, key and value of a unit: rotated, and rounded as the cache holds them.
template <typename T, int kLanes>
__device__ __forceinline__ void receiveNewest(const Model& model, const Unit& unit, T* keys,
                                              T* values, int position,
                                              UnitMemory<T, kLanes>& memory, uint32_t tag) {
  constexpr int W = 2;  // elements of a message; a thread takes one of each half of a head
  const Z2DecodeStep& p = model.step;
  const int D = static_cast<int>(p.D), half = D / 2, each = half / W;
  // Lanes behind the end of a head find zeros.
  for (int d = D + static_cast<int>(threadIdx.x); d < memory.kWidest; d += kThreads) {
    memory.query[d] = 0.f;
    memory.newest[0][d] = memory.newest[1][d] = T(0.f);
  }
  const int thread = static_cast<int>(threadIdx.x);
  if (thread >= 3 * each) return;
  const int kind = (thread >= each) + (thread >= 2 * each), d = (thread - kind * each) * W;
  const int64_t head = kind == 0 ? unit.head : kind == 1 ? p.Hq + unit.kv : p.Hq + p.Hkv + unit.kv;
  const Message* const from = model.qkv + (head * D + d) / W;
  float cosine[W], sine[W];
  load<W>(p.cosine + static_cast<int64_t>(position) * half + d, cosine);
  load<W>(p.sine + static_cast<int64_t>(position) * half + d, sine);
  Mail both;
  do both.askApart(from, from + each);
  while (!both.isOf(tag));
  float x[2 * W];
  unpack<T>(both, x);
  T* const cache = kind == 1 ? keys : values;
#pragma unroll
  for (int j = 0; j < W; ++j) {
    const float c = kind == 2 ? 1.f : cosine[j], s = kind == 2 ? 0.f : sine[j];
    const T first = fromFloat<T>(x[j] * c - x[W + j] * s);
    const T second = fromFloat<T>(x[W + j] * c + x[j] * s);
    if (kind == 0) {
      memory.query[d + j] = toFloat(first) * p.scale;
      memory.query[half + d + j] = toFloat(second) * p.scale;
      continue;
    }
    memory.newest[kind - 1][d + j] = first;
    memory.newest[kind - 1][half + d + j] = second;
    if (!unit.isFirst) continue;
    T* const place = cache + position * p.Hkv * D + d + j;
    place[0] = first;
    place[half] = second;
  }
}

// What the block's warps found of a unit, as one mean and its statistics, to everybody.
template <typename T, int kLanes>
__device__ __forceinline__ void sendFound(const Model& model, int number,
                                          const UnitMemory<T, kLanes>& memory, uint32_t tag) {
  const int thread = static_cast<int>(threadIdx.x), D = static_cast<int>(model.step.D);
  if (thread >= D / 2) return;
  float2 stats[kWarps], parts[kWarps];
#pragma unroll
  for (int w = 0; w < kWarps; ++w) {
    stats[w] = memory.stats[w];
    parts[w] = *reinterpret_cast<const float2*>(&memory.parts[w][2 * thread]);
  }
  float most = -INFINITY, weight = 0.f;
  float2 sum = {0.f, 0.f};
#pragma unroll
  for (int w = 0; w < kWarps; ++w) most = fmaxf(most, stats[w].x);
#pragma unroll
  for (int w = 0; w < kWarps; ++w) {
    const float scale = attention::rescale(stats[w].x, most);
    weight += stats[w].y * scale;
    sum.x = fmaf(parts[w].x, scale, sum.x);
    sum.y = fmaf(parts[w].y, scale, sum.y);
  }
  // A split without a position has nothing to say.
  const float mean = weight > 0.f ? __fdividef(1.f, weight) : 0.f;
  send(model.attended + number * (D / 2) + thread, hopper::pack<T>(sum.x * mean, sum.y * mean),
       tag);
  if (thread < 2)
    send(model.stats + number * 2 + thread, __float_as_uint(thread == 0 ? most : weight), tag);
}

// `unit`: the block's first.
template <typename T, int kLanes>
__device__ __forceinline__ void attend(const Model& model, const Z2DecodeLayer& layer, Unit unit,
                                       UnitMemory<T, kLanes>& memory, uint32_t tag, int position,
                                       int splits) {
  constexpr int kGroups = kThreads / kLanes;
  const Z2DecodeStep& p = model.step;
  const int thread = static_cast<int>(threadIdx.x), lane = thread % kLanes;
  const int D = static_cast<int>(p.D), stride = splits * kGroups;
  const int element = lane * kElements < D ? lane * kElements : 0;
  const int row = static_cast<int>(p.Hkv * p.D);
  using Part = Vector<T, kElements>;
#pragma unroll 1
  while (unit.number < p.Hq * splits) {
    T* const keys = static_cast<T*>(layer.keys) + unit.kv * p.D;
    T* const values = static_cast<T*>(layer.values) + unit.kv * p.D;
    Part key[kAtOnce], value[kAtOnce];
    // What is not there is read from another place, and has no weight: a condition would have to be
    // waited for.
    const auto read = [&](int first) {
#pragma unroll
      for (int j = 0; j < kAtOnce; ++j) {
        const int at = max(min(first + j * stride, position - 1), 0) * row + element;
        key[j] = *reinterpret_cast<const Part*>(keys + at);
        value[j] = *reinterpret_cast<const Part*>(values + at);
      }
    };
    // What is cached is read before what is new is there.
    int first = unit.split * kGroups + thread / kLanes;
    read(first);
    receiveNewest<T, kLanes>(model, unit, keys, values, position, memory, tag);
    sync();
    float query[kElements];
    load<kElements>(memory.query + lane * kElements, query);
    const Part newKey = *reinterpret_cast<const Part*>(memory.newest[0] + lane * kElements);
    const Part newValue = *reinterpret_cast<const Part*>(memory.newest[1] + lane * kElements);
    attention::Running<1> running;
#pragma unroll 1
    for (int from = unit.split * kGroups; from <= position; from += kAtOnce * stride) {
      float scores[kAtOnce];
#pragma unroll
      for (int j = 0; j < kAtOnce; ++j) {
        const int at = first + j * stride;
        if (at >= position) key[j] = newKey, value[j] = newValue;  // behind it: any numbers
        float score = 0.f;
#pragma unroll
        for (int i = 0; i < kElements; ++i) score = fmaf(query[i], toFloat(key[j].at[i]), score);
#pragma unroll
        for (int offset = kLanes / 2; offset > 0; offset /= 2)
          score += __shfl_xor_sync(~0u, score, offset);
        scores[j] = at <= position ? score : -INFINITY;
      }
      running.add(0, scores, value);
      first += kAtOnce * stride;
      if (from + kAtOnce * stride <= position) read(first);
    }
    running.template overWarp<kLanes>();
    if (thread % 32 < kLanes) {
      store<kElements>(memory.parts[thread / 32] + lane * kElements, running.values[0]);
      if (lane == 0) memory.stats[thread / 32] = {running.most[0], running.weight[0]};
    }
    sync();
    sendFound<T, kLanes>(model, unit.number, memory, tag);
    sync();  // what comes next lies in the same place
    unit = Unit(model, splits, unit.number + static_cast<int>(gridDim.x));
  }
}

}  // namespace z2::cuda::decode
