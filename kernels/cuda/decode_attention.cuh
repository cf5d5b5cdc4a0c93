#pragma once

// Attention of a step of generation, as kernels/attention_step.cu, but dealt out to all blocks:
// each takes some of a head's positions and tells what it found; the output projection puts these
// splits together where it reads its row.

#include <cstdint>

#include "kernels/cuda/decode_model.cuh"
#include "kernels/cuda/step_attention.cuh"

namespace z2::cuda::decode {

using attention::kAtOnce;
using attention::kElements;

// A head and its positions of one split: the groups of lanes of all splits take turns.
template <typename T>
struct Unit {
  int split, head, kv;
  bool isFirst;      // the one that writes the newest key and value
  T *keys, *values;  // of the head, position 0

  __device__ Unit(const Model& model, const Z2DecodeLayer& layer, int number)
      : split(number % model.splits), head(number / model.splits) {
    const Z2DecodeStep& p = model.step;
    const int sharing = static_cast<int>(p.Hq / p.Hkv);
    kv = head / sharing;
    isFirst = split == 0 && head % sharing == 0;
    keys = static_cast<T*>(layer.keys) + kv * p.D;
    values = static_cast<T*>(layer.values) + kv * p.D;
  }
};

// A unit in shared memory: its newest vectors after RoPE, and what each warp found.
template <int kLanes>
struct UnitMemory {
  static constexpr int kWidest = kLanes * kElements;
  float newest[3][kWidest];  // query with the scale, key, value
  float parts[kWarps][kWidest];
  float2 stats[kWarps];
};

// Query, key and value of a unit: rotated and rounded as the cache holds them.
template <typename T, int kLanes>
__device__ __forceinline__ void receiveNewest(const Model& model, const Unit<T>& unit, int position,
                                              UnitMemory<kLanes>& memory, uint32_t tag) {
  constexpr int W = 2;  // elements of a message; a thread takes one of each half of a head
  const Z2DecodeStep& p = model.step;
  const int D = static_cast<int>(p.D), half = D / 2, each = half / W;
#pragma unroll 1
  for (int i = static_cast<int>(threadIdx.x); i < 3 * each; i += kThreads) {
    const int kind = i / each, d = i % each * W;
    const int64_t head = kind == 0   ? unit.head
                         : kind == 1 ? p.Hq + unit.kv
                                     : p.Hq + p.Hkv + unit.kv;
    const Message* const from = model.qkv + (head * D + d) / W;
    float cosine[W] = {1.f, 1.f}, sine[W] = {};
    if (kind != 2) {
      load<W>(p.cosine + static_cast<int64_t>(position) * half + d, cosine);
      load<W>(p.sine + static_cast<int64_t>(position) * half + d, sine);
    }
    Mail both;
    const auto ask = [](const Message* place) {
      Message message;
      asm volatile("ld.relaxed.gpu.global.b64 %0, [%1];" : "=l"(message) : "l"(place) : "memory");
      return message;
    };
    do {
      both.first = ask(from);
      both.second = ask(from + each);
    } while (!both.isOf(tag));
    float x[2 * W];
    unpack<T>(both, x);
    T* const cache = kind == 1 ? unit.keys : unit.values;
#pragma unroll
    for (int j = 0; j < W; ++j) {
      const T first = fromFloat<T>(x[j] * cosine[j] - x[W + j] * sine[j]);
      const T second = fromFloat<T>(x[W + j] * cosine[j] + x[j] * sine[j]);
      const float factor = kind == 0 ? p.scale : 1.f;
      memory.newest[kind][d + j] = toFloat(first) * factor;
      memory.newest[kind][half + d + j] = toFloat(second) * factor;
      if (kind == 0 || !unit.isFirst) continue;
      T* const place = cache + position * p.Hkv * D + d + j;
      place[0] = first;
      place[half] = second;
    }
  }
  // Lanes behind the end of a head find zeros.
  const int rest = UnitMemory<kLanes>::kWidest - D;
#pragma unroll 1
  for (int i = static_cast<int>(threadIdx.x); i < 3 * rest; i += kThreads)
    memory.newest[i / rest][D + i % rest] = 0.f;
}

template <typename T, int kLanes>
__device__ __forceinline__ void attend(const Model& model, const Z2DecodeLayer& layer,
                                       UnitMemory<kLanes>& memory, uint32_t tag, int position) {
  constexpr int kGroups = kThreads / kLanes;
  const Z2DecodeStep& p = model.step;
  const int thread = static_cast<int>(threadIdx.x), lane = thread % kLanes;
  const int D = static_cast<int>(p.D), stride = model.splits * kGroups;
  const int element = lane * kElements < D ? lane * kElements : 0;
  const int64_t row = p.Hkv * p.D;
#pragma unroll 1
  for (int number = static_cast<int>(blockIdx.x); number < p.Hq * model.splits;
       number += static_cast<int>(gridDim.x)) {
    const Unit<T> unit(model, layer, number);
    Vector<T, kElements> key[kAtOnce], value[kAtOnce];
    // What is not there is read from another place, and has no weight: a condition would have to be
    // waited for.
    const auto read = [&](int first) {
#pragma unroll
      for (int j = 0; j < kAtOnce; ++j) {
        const int64_t at = max(min(first + j * stride, position - 1), 0) * row + element;
        key[j] = *reinterpret_cast<const Vector<T, kElements>*>(unit.keys + at);
        value[j] = *reinterpret_cast<const Vector<T, kElements>*>(unit.values + at);
      }
    };
    // What is cached is read before what is new is there.
    int first = unit.split * kGroups + thread / kLanes;
    read(first);
    receiveNewest<T, kLanes>(model, unit, position, memory, tag);
    sync();
    float query[kElements];
#pragma unroll
    for (int i = 0; i < kElements; ++i) query[i] = memory.newest[0][lane * kElements + i];
    attention::Running<1> running;
#pragma unroll 1
    for (int from = unit.split * kGroups; from <= position; from += kAtOnce * stride) {
      float scores[kAtOnce];
#pragma unroll
      for (int j = 0; j < kAtOnce; ++j) {
        const int at = first + j * stride;
        if (at == position) {
#pragma unroll
          for (int i = 0; i < kElements; ++i) {
            key[j].at[i] = fromFloat<T>(memory.newest[1][lane * kElements + i]);
            value[j].at[i] = fromFloat<T>(memory.newest[2][lane * kElements + i]);
          }
        }
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
#pragma unroll
      for (int i = 0; i < kElements; ++i)
        memory.parts[thread / 32][lane * kElements + i] = running.values[0][i];
      if (lane == 0) memory.stats[thread / 32] = {running.most[0], running.weight[0]};
    }
    sync();
    if (thread < D / 2) {
      float most = -INFINITY, weight = 0.f;
      float2 sum = {0.f, 0.f};
#pragma unroll
      for (int w = 0; w < kWarps; ++w) most = fmaxf(most, memory.stats[w].x);
#pragma unroll
      for (int w = 0; w < kWarps; ++w) {
        const float scale = attention::rescale(memory.stats[w].x, most);
        const float2 part = *reinterpret_cast<const float2*>(&memory.parts[w][2 * thread]);
        weight += memory.stats[w].y * scale;
        sum.x = fmaf(part.x, scale, sum.x);
        sum.y = fmaf(part.y, scale, sum.y);
      }
      // A split without a position has nothing to say.
      const float mean = weight > 0.f ? 1.f / weight : 0.f;
      send(model.attended + number * (D / 2) + thread, pack<T>(sum.x * mean, sum.y * mean), tag);
      if (thread < 2)
        send(model.stats + number * 2 + thread, __float_as_uint(thread == 0 ? most : weight), tag);
    }
    sync();  // what comes next lies in the same place
  }
}

}  // namespace z2::cuda::decode
