// Rotary embedding in place on the packed projection: a thread a pair of vectors (d, d + D/2).

#include "kernels/cuda/element.cuh"
#include "kernels/cuda/launchers.h"

namespace z2::cuda {

namespace {

constexpr int kThreads = 256;

// What a pass visits. Heads 0 … Hq + Hkv are rotated, v's only get their bias.
struct Heads {
  int64_t first, count;
  bool areRotated = true;
};

template <typename T, int W>
__global__ void rotate(Z2Rope p, Heads heads) {
  const int64_t half = p.D / 2, packs = half / W;
  const int64_t index = static_cast<int64_t>(blockIdx.x) * kThreads + threadIdx.x;
  if (index >= p.N * heads.count * packs) return;
  const int64_t d = index % packs * W, head = heads.first + index / packs % heads.count;
  const int64_t n = index / packs / heads.count;
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
  if (heads.areRotated && head < p.Hq + p.Hkv) {
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
Z2Status pass(Z2Context* context, const Z2Rope& p, const Heads& heads) {
  const int64_t threads = p.N * heads.count * (p.D / 2 / W);
  if (threads == 0) return Z2_OK;
  rotate<T, W><<<static_cast<unsigned>(divideUp(threads, kThreads)), kThreads, 0,
                 context->stream>>>(p, heads);
  return check(context, cudaGetLastError(), "rope");
}

template <typename T, int W>
Z2Status launch(Z2Context* context, const Z2Rope& p) {
  const int64_t all = p.Hq + 2 * p.Hkv;
  if (p.fused) return pass<T, W>(context, p, {0, p.bias != nullptr ? all : p.Hq + p.Hkv});
  Z2Status status = Z2_OK;
  if (p.bias != nullptr) status = pass<T, W>(context, p, {0, all, false});
  Z2Rope plain = p;
  plain.bias = nullptr;
  if (status == Z2_OK) status = pass<T, W>(context, plain, {0, p.Hq});
  return status == Z2_OK ? pass<T, W>(context, plain, {p.Hq, p.Hkv}) : status;
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
