#pragma once

// The row of each of a step's products, from what blocks tell each other into shared memory.

#include <algorithm>
#include <cstdint>

#include "kernels/cuda/decode_model.cuh"
#include "kernels/cuda/step_attention.cuh"

namespace z2::cuda::decode {

// RMSNorm of the residual stream: messages of layer `number`, or, where these are null,
// `embedding`.
template <typename T, typename X>
__device__ __forceinline__ void fillNormed(T* input, const Z2RowLinear& a, const Message* messages,
                                           uint32_t number, const T* embedding) {
  constexpr int W = kOfMail<X>, kHeld = 16 / W;
  __shared__ float squares[kWarps];
  const int thread = static_cast<int>(threadIdx.x);
  const int chunks = static_cast<int>(a.K) / W;
  const auto* weights = static_cast<const Vector<T, W>*>(a.normWeight);
  // kHeld chunks of a thread, from `first` on.
  const auto read = [&](int first, float(&values)[kHeld][W]) {
    const int count = first < chunks ? (chunks - first + kThreads - 1) / kThreads : 0;
    if (messages != nullptr) {
      Mail mail[kHeld] = {};
      receive(mail, count, number,
              [&](int i) { return messages + (first + i * kThreads) * W / kOfMessage<X>; });
#pragma unroll
      for (int i = 0; i < kHeld; ++i)
        if (i < count) unpack<X>(mail[i], values[i]);
    } else {
#pragma unroll
      for (int i = 0; i < kHeld; ++i)
        if (i < count) load<W>(embedding + (first + i * kThreads) * W, values[i]);
    }
  };
  const auto write = [&](int chunk, float(&values)[W], const Vector<T, W>& factors, float rstd) {
#pragma unroll
    for (int j = 0; j < W; ++j) values[j] = toFloat(factors.at[j]) * values[j] * rstd;
    store<W>(input + chunk * W, values);
  };
  // Without a condition, which would have to be waited for.
  Vector<T, W> factors[kHeld];
#pragma unroll
  for (int i = 0; i < kHeld; ++i) factors[i] = weights[min(thread + i * kThreads, chunks - 1)];
  float values[kHeld][W] = {}, sum = 0.f;
#pragma unroll 1
  for (int first = thread; first < chunks; first += kHeld * kThreads) {
    read(first, values);
#pragma unroll
    for (int i = 0; i < kHeld; ++i) {
      if (first + i * kThreads >= chunks) break;
#pragma unroll
      for (int j = 0; j < W; ++j) sum += values[i][j] * values[i][j];
    }
  }
  sum = warpSum(sum);
  if (thread % 32 == 0) squares[thread / 32] = sum;
  sync();
  sum = 0.f;
#pragma unroll
  for (int w = 0; w < kWarps; ++w) sum += squares[w];
  const float rstd = rsqrtf(sum / static_cast<float>(a.K) + a.eps);
  if (chunks <= kHeld * kThreads) {
#pragma unroll
    for (int i = 0; i < kHeld; ++i)
      if (thread + i * kThreads < chunks) write(thread + i * kThreads, values[i], factors[i], rstd);
    return;
  }
#pragma unroll 1
  for (int first = thread; first < chunks; first += kHeld * kThreads) {
    read(first, values);
#pragma unroll
    for (int i = 0; i < kHeld; ++i)
      if (first + i * kThreads < chunks)
        write(first + i * kThreads, values[i], weights[first + i * kThreads], rstd);
  }
}

// K elements of `messages`.
template <typename T>
__device__ __forceinline__ void fillPlain(T* input, const Z2RowLinear& a, const Message* messages,
                                          uint32_t number) {
  constexpr int W = kOfMail<T>, kAtOnce = 6;
  const int chunks = static_cast<int>(a.K) / W;
#pragma unroll 1
  for (int first = static_cast<int>(threadIdx.x); first < chunks; first += kAtOnce * kThreads) {
    const int count = (chunks - first + kThreads - 1) / kThreads;
    Mail mail[kAtOnce] = {};
    receive(mail, count, number, [&](int i) { return messages + (first + i * kThreads) * 2; });
#pragma unroll
    for (int i = 0; i < kAtOnce; ++i)
      if (i < count)
        *reinterpret_cast<uint2*>(input + (first + i * kThreads) * W) = {
            static_cast<uint32_t>(mail[i].first), static_cast<uint32_t>(mail[i].second)};
  }
}

// What attention gives, put together from a head's splits in their order; kAtOnce chunks of a
// thread at a time.
template <typename T, int kSplits, int kAtOnce>
__device__ __forceinline__ void fillAttended(T* input, const Model& model, uint32_t number) {
  constexpr int W = kOfMail<T>;
  const int D = static_cast<int>(model.step.D), splits = model.splits;
  const int chunks = static_cast<int>(model.step.Hq) * D / W;
#pragma unroll 1
  for (int first = static_cast<int>(threadIdx.x); first < chunks; first += kAtOnce * kThreads) {
    const int count = min(kAtOnce, (chunks - first + kThreads - 1) / kThreads);
    // By chunk: means of its splits, then their statistics.
    Mail mail[kAtOnce * 2 * kSplits] = {};
    bool isComplete = false;
#pragma unroll 1
    while (!isComplete) {
      isComplete = true;
#pragma unroll
      for (int i = 0; i < kAtOnce; ++i) {
        const int element = (first + i * kThreads) * W, unit = element / D * splits;
#pragma unroll
        for (int s = 0; s < kSplits; ++s) {
          if (i >= count || s >= splits) continue;
          mail[(2 * i) * kSplits + s].ask(model.attended + ((unit + s) * D + element % D) / 2);
          mail[(2 * i + 1) * kSplits + s].ask(model.stats + (unit + s) * 2);
        }
      }
#pragma unroll
      for (int i = 0; i < kAtOnce; ++i) {
#pragma unroll
        for (int s = 0; s < kSplits; ++s) {
          if (i >= count || s >= splits) continue;
          isComplete &= mail[(2 * i) * kSplits + s].isOf(number);
          isComplete &= mail[(2 * i + 1) * kSplits + s].isOf(number);
        }
      }
    }
#pragma unroll
    for (int i = 0; i < kAtOnce; ++i) {
      if (i >= count) break;
      const auto mostOf = [&](int s) {
        return __uint_as_float(static_cast<uint32_t>(mail[(2 * i + 1) * kSplits + s].first));
      };
      float most = -INFINITY, weight = 0.f, sums[W] = {};
#pragma unroll
      for (int s = 0; s < kSplits; ++s)
        if (s < splits) most = fmaxf(most, mostOf(s));
#pragma unroll
      for (int s = 0; s < kSplits; ++s) {
        if (s >= splits) continue;
        const float its =
            __uint_as_float(static_cast<uint32_t>(mail[(2 * i + 1) * kSplits + s].second)) *
            attention::rescale(mostOf(s), most);
        float values[W];
        unpack<T>(mail[2 * i * kSplits + s], values);
        weight += its;
#pragma unroll
        for (int j = 0; j < W; ++j) sums[j] = fmaf(values[j], its, sums[j]);
      }
#pragma unroll
      for (int j = 0; j < W; ++j) sums[j] /= weight;
      store<W>(input + (first + i * kThreads) * W, sums);
    }
  }
}

}  // namespace z2::cuda::decode
