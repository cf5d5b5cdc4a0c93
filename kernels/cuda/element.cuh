#pragma once

// Elements, vectors of 16 bytes, reductions and Philox: what the kernels share on the device.

#include <cstdint>

#include <cuda_bf16.h>
#include <cuda_fp16.h>

#include "kernels/tensor.h"

namespace z2::cuda {

template <typename T>
__device__ __forceinline__ float toFloat(T x) {
  if constexpr (sizeof(T) == 4) return x;
  else if constexpr (std::is_same_v<T, __half>) return __half2float(x);
  else return __bfloat162float(x);
}

template <typename T>
__device__ __forceinline__ T fromFloat(float x) {
  if constexpr (sizeof(T) == 4) return x;
  else if constexpr (std::is_same_v<T, __half>) return __float2half_rn(x);
  else return __float2bfloat16_rn(x);
}

// N elements that move as one access of at most 16 bytes.
template <typename T, int N>
struct alignas(sizeof(T) * N < 16 ? sizeof(T) * N : 16) Vector {
  T at[N];
};

// N elements on their way from memory: words as they come, which take fewer registers until they are
// unpacked than a Vector, whose elements the compiler takes apart at once.
template <typename T, int N>
struct Packed {
  static constexpr int kWords = N * sizeof(T) / 4;
  static_assert(kWords % 4 == 0);
  uint32_t word[kWords];

  __device__ __forceinline__ void fetch(const T* from) {
#pragma unroll
    for (int i = 0; i < kWords; i += 4)
      *reinterpret_cast<uint4*>(word + i) = reinterpret_cast<const uint4*>(from)[i / 4];
  }
  __device__ __forceinline__ void unpack(float (&x)[N]) const {
#pragma unroll
    for (int i = 0; i < N; ++i) {
      if constexpr (sizeof(T) == 4) {
        x[i] = __uint_as_float(word[i]);
      } else if constexpr (std::is_same_v<T, __nv_bfloat16>) {
        x[i] = __uint_as_float(i % 2 == 0 ? word[i / 2] << 16 : word[i / 2] & 0xFFFF0000u);
      } else {
        const auto pair = __half22float2(*reinterpret_cast<const __half2*>(word + i / 2));
        x[i] = i % 2 == 0 ? pair.x : pair.y;
      }
    }
  }
};

template <typename T>
struct Packed<T, 1> {
  T element;
  __device__ __forceinline__ void fetch(const T* from) { element = *from; }
  __device__ __forceinline__ void unpack(float (&x)[1]) const { x[0] = toFloat(element); }
};

// Elements of T in 16 bytes.
template <typename T>
constexpr int kWidth = 16 / sizeof(T);

template <int N, typename T>
__device__ __forceinline__ void load(const T* from, float (&to)[N]) {
  const auto vector = *reinterpret_cast<const Vector<T, N>*>(from);
#pragma unroll
  for (int i = 0; i < N; ++i) to[i] = toFloat(vector.at[i]);
}

template <int N, typename T>
__device__ __forceinline__ void store(T* to, const float (&from)[N]) {
  Vector<T, N> vector;
#pragma unroll
  for (int i = 0; i < N; ++i) vector.at[i] = fromFloat<T>(from[i]);
  *reinterpret_cast<Vector<T, N>*>(to) = vector;
}

constexpr float kLog2e = 1.4426950408889634f;

__device__ __forceinline__ float exp2Fast(float x) {
  float y;
  asm("ex2.approx.ftz.f32 %0, %1;" : "=f"(y) : "f"(x));
  return y;
}

__device__ __forceinline__ float warpSum(float x) {
#pragma unroll
  for (int offset = 16; offset > 0; offset /= 2) x += __shfl_xor_sync(~0u, x, offset);
  return x;
}

__device__ __forceinline__ float warpMax(float x) {
#pragma unroll
  for (int offset = 16; offset > 0; offset /= 2) x = fmaxf(x, __shfl_xor_sync(~0u, x, offset));
  return x;
}

// Sum over the block, in every thread. `shared`: 32 floats that no other reduction uses meanwhile.
__device__ __forceinline__ float blockSum(float x, float* shared) {
  const int lane = threadIdx.x % 32, warp = threadIdx.x / 32, warps = (blockDim.x + 31) / 32;
  x = warpSum(x);
  __syncthreads();
  if (lane == 0) shared[warp] = x;
  __syncthreads();
  x = lane < warps ? shared[lane] : 0.f;
  return warpSum(x);
}

__device__ __forceinline__ float blockMax(float x, float* shared) {
  const int lane = threadIdx.x % 32, warp = threadIdx.x / 32, warps = (blockDim.x + 31) / 32;
  x = warpMax(x);
  __syncthreads();
  if (lane == 0) shared[warp] = x;
  __syncthreads();
  x = lane < warps ? shared[lane] : -INFINITY;
  return warpMax(x);
}

// Magnitudes as the bits of floats: integers in the order of their values, NaN above all.
__device__ __forceinline__ int magnitude(float x) { return __float_as_int(fabsf(x)); }

template <int N>
__device__ __forceinline__ int greatest(int most, const float (&x)[N]) {
#pragma unroll
  for (int i = 0; i < N; ++i) most = max(most, magnitude(x[i]));
  return most;
}

// Philox4x32-10 (Salmon et al., 2011): four words for the elements 4 block … 4 block + 3.
__device__ __forceinline__ uint4 philox(uint64_t seed, uint64_t stream, uint64_t block) {
  uint32_t c0 = static_cast<uint32_t>(block), c1 = static_cast<uint32_t>(block >> 32);
  uint32_t c2 = static_cast<uint32_t>(stream), c3 = static_cast<uint32_t>(stream >> 32);
  uint32_t k0 = static_cast<uint32_t>(seed), k1 = static_cast<uint32_t>(seed >> 32);
#pragma unroll
  for (int round = 0; round < 10; ++round) {
    const uint32_t high0 = __umulhi(0xD2511F53u, c0), low0 = 0xD2511F53u * c0;
    const uint32_t high1 = __umulhi(0xCD9E8D57u, c2), low1 = 0xCD9E8D57u * c2;
    c0 = high1 ^ c1 ^ k0;
    c1 = low1;
    c2 = high0 ^ c3 ^ k1;
    c3 = low0;
    k0 += 0x9E3779B9u;
    k1 += 0xBB67AE85u;
  }
  return {c0, c1, c2, c3};
}

// The factor of element `index`: 0, or 1 / (1 - probability).
__device__ __forceinline__ float dropoutFactor(const Z2Dropout& dropout, uint64_t index) {
  if (dropout.probability <= 0.f) return 1.f;
  const uint4 words = philox(dropout.seed, dropout.stream, index / 4);
  const uint32_t word = index % 4 == 0 ? words.x : index % 4 == 1 ? words.y
                      : index % 4 == 2 ? words.z : words.w;
  const float drawn = static_cast<float>(word >> 8) * (1.f / 16777216.f);
  return drawn >= dropout.probability ? 1.f / (1.f - dropout.probability) : 0.f;
}

}  // namespace z2::cuda
