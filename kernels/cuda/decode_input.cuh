#pragma once

// The row of each of a step's products, from what blocks tell each other into shared memory.

#include <algorithm>
#include <cstdint>

#include "kernels/cuda/decode_model.cuh"
#include "kernels/cuda/step_attention.cuh"

namespace z2::cuda::decode {

// RMSNorm of the residual stream: messages of layer `number`, or, where these are null,
// `embedding`. A thread holds kHeld chunks at a time.
template <typename T, typename X, int kHeld>
__device__ __forceinline__ void fillNormed(T* input, const Z2RowLinear& a, const Message* messages,
                                           uint32_t number, const T* embedding) {
  constexpr int W = kOfMail<X>;
  __shared__ float squares[kWarps];
  const int thread = static_cast<int>(threadIdx.x);
  const int chunks = static_cast<int>(a.K) / W;
  const auto* weights = static_cast<const Vector<T, W>*>(a.normWeight);
  const auto chunkOf = [&](int first, int i) { return min(first + i * kThreads, chunks - 1); };
  const auto read = [&](int first, float(&values)[kHeld][W]) {
    if (messages != nullptr) {
      Mail mail[kHeld];
      receive(mail, number,
              [&](int i) { return messages + chunkOf(first, i) * W / kOfMessage<X>; });
#pragma unroll
      for (int i = 0; i < kHeld; ++i) unpack<X>(mail[i], values[i]);
    } else {
#pragma unroll
      for (int i = 0; i < kHeld; ++i) load<W>(embedding + chunkOf(first, i) * W, values[i]);
    }
  };
  const auto write = [&](int chunk, float(&values)[W], const Vector<T, W>& factors, float rstd) {
#pragma unroll
    for (int j = 0; j < W; ++j) values[j] = toFloat(factors.at[j]) * values[j] * rstd;
    store<W>(input + chunk * W, values);
  };
  Vector<T, W> factors[kHeld];
#pragma unroll
  for (int i = 0; i < kHeld; ++i) factors[i] = weights[chunkOf(thread, i)];
  float values[kHeld][W], sum = 0.f;
#pragma unroll 1
  for (int first = thread; first < chunks; first += kHeld * kThreads) {
    read(first, values);
#pragma unroll
    for (int i = 0; i < kHeld; ++i) {
      float its = 0.f;
#pragma unroll
      for (int j = 0; j < W; ++j) its += values[i][j] * values[i][j];
      sum += first + i * kThreads < chunks ? its : 0.f;
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

// K elements of `messages`; a thread holds kHeld chunks at a time.
template <typename T, int kHeld>
__device__ __forceinline__ void fillPlain(T* input, const Z2RowLinear& a, const Message* messages,
                                          uint32_t number) {
  constexpr int W = kOfMail<T>;
  const int chunks = static_cast<int>(a.K) / W;
#pragma unroll 1
  for (int first = static_cast<int>(threadIdx.x); first < chunks; first += kHeld * kThreads) {
    Mail mail[kHeld];
    receive(mail, number,
            [&](int i) { return messages + min(first + i * kThreads, chunks - 1) * 2; });
#pragma unroll
    for (int i = 0; i < kHeld; ++i)
      if (first + i * kThreads < chunks)
        *reinterpret_cast<uint2*>(input + (first + i * kThreads) * W) = {
            static_cast<uint32_t>(mail[i].first), static_cast<uint32_t>(mail[i].second)};
  }
}

// What attention gives, put together from a head's splits in their order; a thread holds kHeld
// chunks of up to kSplits splits at a time.
template <typename T, int kSplits, int kHeld>
__device__ __forceinline__ void fillAttended(T* input, const Model& model, int splits,
                                             uint32_t number) {
  constexpr int W = kOfMail<T>;
  const int D = static_cast<int>(model.step.D);
  const int chunks = static_cast<int>(model.step.Hq) * D / W;
#pragma unroll 1
  for (int first = static_cast<int>(threadIdx.x); first < chunks; first += kHeld * kThreads) {
    // By chunk: means of its splits, then their statistics.
    Mail mail[kHeld * 2 * kSplits];
    int unit[kHeld], element[kHeld];  // of a chunk: the head's first unit; where in the head
#pragma unroll
    for (int i = 0; i < kHeld; ++i) {
      const int at = min(first + i * kThreads, chunks - 1) * W;
      const int head = static_cast<int>(__umulhi(static_cast<uint32_t>(at), model.perHead));
      unit[i] = head * splits;
      element[i] = at - head * D;
    }
    receive(mail, number, [&](int m) {
      const int i = m / (2 * kSplits), its = unit[i] + min(m % kSplits, splits - 1);
      return m / kSplits % 2 == 0 ? model.attended + (its * D + element[i]) / 2
                                  : model.stats + its * 2;
    });
#pragma unroll
    for (int i = 0; i < kHeld; ++i) {
      const Mail* const means = mail + 2 * i * kSplits;
      const Mail* const stats = means + kSplits;
      float most = -INFINITY, weight = 0.f, sums[W] = {};
#pragma unroll
      for (int s = 0; s < kSplits; ++s)
        most = fmaxf(most, __uint_as_float(static_cast<uint32_t>(stats[s].first)));
#pragma unroll
      for (int s = 0; s < kSplits; ++s) {
        const float its =
            s < splits ? __uint_as_float(static_cast<uint32_t>(stats[s].second)) *
                             attention::rescale(
                                 __uint_as_float(static_cast<uint32_t>(stats[s].first)), most)
                       : 0.f;
        float values[W];
        unpack<T>(means[s], values);
        weight += its;
#pragma unroll
        for (int j = 0; j < W; ++j) sums[j] = fmaf(values[j], its, sums[j]);
      }
      const float share = __fdividef(1.f, weight);
#pragma unroll
      for (int j = 0; j < W; ++j) sums[j] *= share;
      if (first + i * kThreads < chunks) store<W>(input + (first + i * kThreads) * W, sums);
    }
  }
}

}  // namespace z2::cuda::decode
