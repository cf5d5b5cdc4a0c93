// Rotary embedding in place on the packed projection: a thread a pair of vectors (d, d + D/2).

#include "kernels/cuda/element.cuh"
#include "kernels/cuda/launchers.h"

namespace z2::cuda {

namespace {

constexpr int kThreads = 256;

// Heads 0 … Hq + Hkv are rotated; with a bias the v heads are visited too.
template <typename T, int W>
__global__ void rotate(Z2Rope p) {
  const int64_t half = p.D / 2, packs = half / W;
  const int64_t heads = p.Hq + (p.bias != nullptr ? 2 : 1) * p.Hkv;
  const int64_t index = static_cast<int64_t>(blockIdx.x) * kThreads + threadIdx.x;
  if (index >= p.N * heads * packs) return;
  const int64_t d = index % packs * W, head = index / packs % heads, n = index / packs / heads;
  T* low = static_cast<T*>(p.qkv) + (n * (p.Hq + 2 * p.Hkv) + head) * p.D + d;
  float a[W], b[W];
  load<W>(low, a);
  load<W>(low + half, b);
  if (p.bias != nullptr) {
    float biasA[W], biasB[W];
    load<W>(static_cast<const T*>(p.bias) + head * p.D + d, biasA);
    load<W>(static_cast<const T*>(p.bias) + head * p.D + d + half, biasB);
#pragma unroll
    for (int i = 0; i < W; ++i) a[i] += biasA[i], b[i] += biasB[i];
  }
  if (head < p.Hq + p.Hkv) {
    const int64_t place = p.positions[n] * half + d;
    const float sign = p.inverse ? -1.f : 1.f;
#pragma unroll
    for (int i = 0; i < W; ++i) {
      const float c = p.cosine[place + i], s = sign * p.sine[place + i];
      const float x = a[i], y = b[i];
      a[i] = x * c - y * s;
      b[i] = y * c + x * s;
    }
  }
  store<W>(low, a);
  store<W>(low + half, b);
}

template <typename T, int W>
Z2Status launch(Z2Context* context, const Z2Rope& p) {
  const int64_t heads = p.Hq + (p.bias != nullptr ? 2 : 1) * p.Hkv;
  const int64_t threads = p.N * heads * (p.D / 2 / W);
  if (threads == 0) return Z2_OK;
  rotate<T, W><<<static_cast<unsigned>(divideUp(threads, kThreads)), kThreads, 0,
                 context->stream>>>(p);
  return check(context, cudaGetLastError(), "rope");
}

}  // namespace

Z2Status rope(Z2Context* context, const Z2Rope* p) {
  if (p->D % 2 != 0) return fail(context, Z2_INVALID, "rope: the head size must be even");
  if (p->bias != nullptr && p->inverse)
    return fail(context, Z2_INVALID, "rope: a bias belongs to the forward direction");
  auto byType = [&]<typename T>() {
    return p->D % 16 == 0 ? launch<T, 8>(context, *p) : launch<T, 1>(context, *p);
  };
  return Z2_BY_TYPE(context, p->type, byType);
}

}  // namespace z2::cuda
