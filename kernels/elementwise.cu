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

}  // namespace z2::cuda
