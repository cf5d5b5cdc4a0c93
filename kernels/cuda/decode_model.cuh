#pragma once

// What the parts of kernels/decode_step.cu share: its argument, how blocks tell each other values,
// and the products of a step by number.

#include <cstdint>

#include "kernels/cuda/element.cuh"
#include "kernels/decode_step.h"
#include "kernels/row_linear.h"

namespace z2::cuda::decode {

constexpr int kThreads = 256;  // that compute
constexpr int kWarps = kThreads / 32;
// Behind them a warpgroup whose first warp copies: registers change hands by whole warpgroups.
constexpr int kCopyThreads = 128;
constexpr int kComputeRegisters = 232, kCopyRegisters = 40;
constexpr int kMostLayers = 96;
constexpr int kMostSplits = 8;  // parts of a head's positions

// What a block tells all others: 32 bits, and above them the number of the layer of the step that
// they belong to. Both come with one access, so whoever finds the number that it waits for has the
// value, without a fence (as the LL protocol of NCCL). A place is written once a layer, when all
// that read it last have told what they made of it.
using Message = uint64_t;

// The kernel's argument.
struct Model {
  Z2DecodeStep step;  // its layers are here:
  Z2DecodeLayer layers[kMostLayers];
  unsigned* counters;     // steps so far; blocks that have ended this one
  Message *middle, *end;  // [rows, C] of the residual stream: behind attention, behind a layer
  Message *qkv, *inner;   // [(Hq + 2 Hkv) D / 2], [F / 2]: two elements each
  Message* attended;      // [Hq, splits, D / 2]: the mean of values over the split
  Message* stats;         // [Hq, splits, 2]: its greatest score, its sum of weights
  int splits, stages;     // of a head, at most; of the ring of weights
  uint32_t perHead;       // 2^32 / D, rounded up
};

// A barrier of the threads that compute.
__device__ __forceinline__ void sync() {
  asm volatile("bar.sync 1, %0;" ::"n"(kThreads) : "memory");
}

__device__ __forceinline__ void send(Message* place, uint32_t value, uint32_t number) {
  asm volatile("st.relaxed.gpu.global.b64 [%0], %1;" ::"l"(place),
               "l"(static_cast<Message>(number) << 32 | value)
               : "memory");
}

// Two messages, at a multiple of 16 bytes.
struct Mail {
  Message first = 0, second = 0;

  __device__ __forceinline__ void ask(const Message* place) {
    asm volatile("ld.relaxed.gpu.global.v2.b64 {%0, %1}, [%2];"
                 : "=l"(first), "=l"(second)
                 : "l"(place)
                 : "memory");
  }
  // Two that do not lie side by side.
  __device__ __forceinline__ void askApart(const Message* one, const Message* other) {
    asm volatile("ld.relaxed.gpu.global.b64 %0, [%1];" : "=l"(first) : "l"(one) : "memory");
    asm volatile("ld.relaxed.gpu.global.b64 %0, [%1];" : "=l"(second) : "l"(other) : "memory");
  }
  __device__ __forceinline__ bool isOf(uint32_t number) const {
    return static_cast<uint32_t>(first >> 32) == number &&
           static_cast<uint32_t>(second >> 32) == number;
  }
};

// Asks for all of them at a time until all are there. Without a condition, which would have to be
// waited for: where there are fewer, the same place is asked for twice.
template <int N, typename PlaceOf>
__device__ __forceinline__ void receive(Mail (&mail)[N], uint32_t number, PlaceOf placeOf) {
  bool isComplete = false;
#pragma unroll 1
  while (!isComplete) {
#pragma unroll
    for (int i = 0; i < N; ++i) mail[i].ask(placeOf(i));
    isComplete = true;
#pragma unroll
    for (int i = 0; i < N; ++i) isComplete &= mail[i].isOf(number);
  }
}

// Elements of X that a message has, and those of two.
template <typename X>
constexpr int kOfMessage = 4 / sizeof(X);
template <typename X>
constexpr int kOfMail = 2 * kOfMessage<X>;

template <typename X>
__device__ __forceinline__ void unpack(const Mail& mail, float (&to)[kOfMail<X>]) {
  const uint2 words = {static_cast<uint32_t>(mail.first), static_cast<uint32_t>(mail.second)};
  const X* const elements = reinterpret_cast<const X*>(&words);
#pragma unroll
  for (int i = 0; i < kOfMail<X>; ++i) to[i] = toFloat(elements[i]);
}

// Of a layer; behind the last one comes the head.
enum Product { kQkv, kOutput, kGateUp, kDown, kProducts, kHead };

__device__ __forceinline__ int productCount(const Model& model) {
  return static_cast<int>(model.step.L) * kProducts + 1;
}

// The product of that number; what it reads and writes passes between blocks and stays empty.
__device__ __forceinline__ Z2RowLinear productOf(const Model& model, int number) {
  const Z2DecodeStep& p = model.step;
  Z2RowLinear a{};
  a.M = p.B;
  a.K = p.C;
  a.N = p.C;
  a.eps = p.eps;
  const int index = number / kProducts;
  if (index == p.L) {
    a.weight = p.head;
    a.normWeight = p.finalNorm;
    a.N = p.V;
    return a;
  }
  const Z2DecodeLayer& layer = model.layers[index];
  switch (number % kProducts) {
    case kQkv:
      a.weight = layer.qkv;
      a.bias = layer.qkvBias;
      a.normWeight = layer.attentionNorm;
      a.N = (p.Hq + 2 * p.Hkv) * p.D;
      break;
    case kOutput:
      a.weight = layer.output;
      a.bias = layer.outputBias;
      a.K = p.Hq * p.D;
      break;
    case kGateUp:
      a.weight = layer.gateUp;
      a.normWeight = layer.mlpNorm;
      a.N = 2 * p.F;
      a.swiglu = 1;
      break;
    default:
      a.weight = layer.down;
      a.K = p.F;
  }
  return a;
}

}  // namespace z2::cuda::decode
