#pragma once

// The rows of a product with few of them (kernels/row_linear.h), on their way into shared memory.

#include <cstdint>

#include "kernels/cuda/element.cuh"
#include "kernels/row_linear.h"

namespace z2::cuda::rows {

constexpr int kHeld = 3;  // vectors of a single row that a thread reads at once

// Elements that a kernel in front has written: not from a cache that is older than they are.
template <int N, typename X>
__device__ __forceinline__ void loadFresh(const X* from, float (&to)[N]) {
  constexpr int kWords = N * static_cast<int>(sizeof(X)) / 16;
  uint4 words[kWords];
#pragma unroll
  for (int i = 0; i < kWords; ++i) words[i] = __ldcg(reinterpret_cast<const uint4*>(from) + i);
  const X* elements = reinterpret_cast<const X*>(words);
#pragma unroll
  for (int i = 0; i < N; ++i) to[i] = toFloat(elements[i]);
}

// x of all rows into shared memory, normalised where that is asked for, zeros up to `padded`
// elements: one row by all threads, several by a warp each, the squares of both summed in the same
// order. `wait` returns when x is there, in all threads.
template <typename T, typename X, int kThreads, typename Wait>
__device__ void fillInput(T* input, int pitch, int padded, const Z2RowLinear& p, Wait wait) {
  constexpr int W = kWidth<T>, kWarps = kThreads / 32;
  __shared__ float squares[kWarps];
  const bool isNormed = p.normWeight != nullptr;
  const int warp = static_cast<int>(threadIdx.x / 32), lane = static_cast<int>(threadIdx.x % 32);
  const int vectors = static_cast<int>(p.K) / W, rows = static_cast<int>(p.M);
  const auto* weights = static_cast<const uint4*>(p.normWeight);
  const auto addSquares = [](float& sum, const float(&values)[W]) {
#pragma unroll
    for (int j = 0; j < W; ++j) sum += values[j] * values[j];
  };
  const auto write = [&](T* to, float(&values)[W], const uint4& its, float rstd) {
    const T* factor = reinterpret_cast<const T*>(&its);
#pragma unroll
    for (int j = 0; j < W; ++j)
      if (isNormed) values[j] = toFloat(factor[j]) * values[j] * rstd;
    store<W>(to, values);
  };
  const auto total = [&](const float(&sums)[kWarps]) {
    float sum = 0.f;
#pragma unroll
    for (int w = 0; w < kWarps; ++w) sum += sums[w];
    return rsqrtf(sum / static_cast<float>(p.K) + p.eps);
  };
  const int thread = static_cast<int>(threadIdx.x);
  if (rows == 1) {
    const auto* x = static_cast<const X*>(p.x);
    uint4 factors[kHeld] = {};
    float held[kHeld][W] = {};
#pragma unroll
    for (int i = 0; i < kHeld; ++i)
      if (isNormed && thread + i * kThreads < vectors) factors[i] = weights[thread + i * kThreads];
    wait();
#pragma unroll
    for (int i = 0; i < kHeld; ++i)
      if (thread + i * kThreads < vectors) loadFresh(x + (thread + i * kThreads) * W, held[i]);
    float rstd = 1.f, values[W];
    if (isNormed) {
      float sum = 0.f;
#pragma unroll
      for (int i = 0; i < kHeld; ++i) addSquares(sum, held[i]);
      for (int v = thread + kHeld * kThreads; v < vectors; v += kThreads) {
        loadFresh(x + v * W, values);
        addSquares(sum, values);
      }
      sum = warpSum(sum);
      if (lane == 0) squares[warp] = sum;
      __syncthreads();
      rstd = total(squares);
    }
#pragma unroll
    for (int i = 0; i < kHeld; ++i)
      if (thread + i * kThreads < vectors)
        write(input + (thread + i * kThreads) * W, held[i], factors[i], rstd);
    for (int v = thread + kHeld * kThreads; v < vectors; v += kThreads) {
      loadFresh(x + v * W, values);
      write(input + v * W, values, isNormed ? weights[v] : uint4{}, rstd);
    }
  } else {
    wait();
    const X* x = static_cast<const X*>(p.x) + warp * p.K;
    float rstd = 1.f, values[W];
    if (warp < rows && isNormed) {
      float sums[kWarps] = {};
      for (int first = lane; first < vectors; first += kThreads) {
#pragma unroll
        for (int w = 0; w < kWarps; ++w) {
          if (first + w * 32 >= vectors) break;
          loadFresh(x + (first + w * 32) * W, values);
          addSquares(sums[w], values);
        }
      }
#pragma unroll
      for (int w = 0; w < kWarps; ++w) sums[w] = warpSum(sums[w]);
      rstd = total(sums);
    }
#pragma unroll 4
    for (int v = lane; warp < rows && v < vectors; v += 32) {
      loadFresh(x + v * W, values);
      write(input + warp * pitch + v * W, values, isNormed ? weights[v] : uint4{}, rstd);
    }
  }
  const float zeros[W] = {};
  for (int m = 0; m < rows; ++m)
    for (int v = vectors + thread; v * W < padded; v += kThreads)
      store<W>(input + m * pitch + v * W, zeros);
  __syncthreads();
}

}  // namespace z2::cuda::rows
