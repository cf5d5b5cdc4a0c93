// Conversion, addition and dropout: one pass at memory speed, 16 bytes a thread and access.

#include "kernels/cuda/launchers.h"
#include "kernels/cuda/element.cuh"

namespace z2::cuda {

namespace {

constexpr int kThreads = 256;

// out[i] = factor(i) * (a[i] + b[i]), b may be null; the tail by single elements.
template <typename Out, typename A, typename B>
__global__ void combine(Out* out, const A* a, const B* b, int64_t n, Z2Dropout dropout) {
  constexpr int W = 4;
  const int64_t first = (static_cast<int64_t>(blockIdx.x) * kThreads + threadIdx.x) * W;
  if (first + W <= n) {
    float x[W], y[W] = {};
    load<W>(a + first, x);
    if (b != nullptr) load<W>(b + first, y);
#pragma unroll
    for (int i = 0; i < W; ++i) {
      const float factor = dropoutFactor(dropout, first + i);
      x[i] = b != nullptr ? x[i] + factor * y[i] : factor * x[i];
    }
    store<W>(out + first, x);
    return;
  }
  for (int64_t i = first; i < n; ++i) {
    const float factor = dropoutFactor(dropout, i);
    const float x = toFloat(a[i]);
    out[i] = fromFloat<Out>(b != nullptr ? x + factor * toFloat(b[i]) : factor * x);
  }
}

template <typename Out, typename A, typename B>
Z2Status launch(Z2Context* context, void* out, const void* a, const void* b, int64_t n,
                const Z2Dropout& dropout) {
  if (n <= 0) return Z2_OK;
  const auto blocks = static_cast<unsigned>(divideUp(n, kThreads * 4));
  combine<<<blocks, kThreads, 0, context->stream>>>(static_cast<Out*>(out),
                                                    static_cast<const A*>(a),
                                                    static_cast<const B*>(b), n, dropout);
  return check(context, cudaGetLastError(), "elementwise");
}

// A thread an element of the block.
template <typename Out, typename In>
__global__ void blockKernel(Z2CopyBlock p) {
  const int64_t i = static_cast<int64_t>(blockIdx.x) * kThreads + threadIdx.x;
  if (i >= p.M * p.N) return;
  const int64_t m = i / p.N, n = i % p.N;
  Out& out = static_cast<Out*>(p.out)[m * p.outStride + n];
  const float before = p.accumulate != 0 ? toFloat(out) : 0.f;
  out = fromFloat<Out>(before + p.scale * toFloat(static_cast<const In*>(p.in)[m * p.inStride + n]));
}

}  // namespace

Z2Status dropoutApply(Z2Context* context, const Z2DropoutApply* p) {
  auto byOut = [&]<typename Out>() {
    auto byIn = [&]<typename In>() {
      return launch<Out, In, In>(context, p->out, p->in, nullptr, p->n, p->dropout);
    };
    return Z2_BY_TYPE(context, p->inType, byIn);
  };
  return Z2_BY_TYPE(context, p->outType, byOut);
}

Z2Status convert(Z2Context* context, const Z2Convert* p) {
  const Z2DropoutApply same{p->out, p->in, p->n, p->outType, p->inType, Z2Dropout{0.f, 0, 0}};
  return dropoutApply(context, &same);
}

Z2Status add(Z2Context* context, const Z2Add* p) {
  auto byA = [&]<typename A>() {
    auto byB = [&]<typename B>() {
      return launch<A, A, B>(context, p->out, p->a, p->b, p->n, p->dropout);
    };
    return Z2_BY_TYPE(context, p->typeB, byB);
  };
  return Z2_BY_TYPE(context, p->type, byA);
}

Z2Status copyBlock(Z2Context* context, const Z2CopyBlock* p) {
  if (p->M <= 0 || p->N <= 0) return Z2_OK;
  const auto blocks = static_cast<unsigned>(divideUp(p->M * p->N, kThreads));
  auto byOut = [&]<typename Out>() {
    auto byIn = [&]<typename In>() {
      blockKernel<Out, In><<<blocks, kThreads, 0, context->stream>>>(*p);
      return check(context, cudaGetLastError(), "copyBlock");
    };
    return Z2_BY_TYPE(context, p->inType, byIn);
  };
  return Z2_BY_TYPE(context, p->outType, byOut);
}

}  // namespace z2::cuda
