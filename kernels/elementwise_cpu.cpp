#include "kernels/cpu/kernel_set_isa.h"
#include "kernels/cpu/parallel.h"
#include "kernels/cpu/simd.h"

namespace z2 {
inline namespace Z2_ISA {
namespace {

// out[i] = f(in[i], i), eight at a time.
template <typename Out, typename In, typename F>
void map(Out* out, const In* in, int64_t n, int threads, F f) {
  parallelBlocks(threads, n, kWorthAThread, [&](int64_t begin, int64_t end) {
    forLanes(end - begin, [&](int64_t i, auto lanes) {
      store(out + begin + i, f(load(in + begin + i, lanes), begin + i, lanes), lanes);
    });
  });
}

}  // namespace

void convert(const Z2Convert& a, int threads) {
  withType(a.outType, [&](auto outElement) {
    withType(a.inType, [&](auto inElement) {
      map(static_cast<decltype(outElement)*>(a.out), static_cast<const decltype(inElement)*>(a.in),
          a.n, threads, [](F8 x, int64_t, auto) { return x; });
    });
  });
}

void add(const Z2Add& a, int threads) {
  const DropoutMask mask(a.dropout);
  withType(a.type, [&](auto element) {
    withType(a.typeB, [&](auto elementB) {
      using T = decltype(element);
      const auto* y = static_cast<const decltype(elementB)*>(a.b);
      map(static_cast<T*>(a.out), static_cast<const T*>(a.a), a.n, threads,
          [&](F8 x, int64_t i, auto lanes) { return x + dropped(mask, load(y + i, lanes), i); });
    });
  });
}

void dropout(const Z2DropoutApply& a, int threads) {
  const DropoutMask mask(a.dropout);
  withType(a.outType, [&](auto outElement) {
    withType(a.inType, [&](auto inElement) {
      map(static_cast<decltype(outElement)*>(a.out), static_cast<const decltype(inElement)*>(a.in),
          a.n, threads, [&](F8 x, int64_t i, auto) { return dropped(mask, x, i); });
    });
  });
}

void copyBlock(const Z2CopyBlock& a, int threads) {
  withType(a.outType, [&](auto outElement) {
    withType(a.inType, [&](auto inElement) {
      using Out = decltype(outElement);
      parallelFor(threads, a.M, a.N, [&](int64_t m) {
        Out* out = static_cast<Out*>(a.out) + m * a.outStride;
        const auto* in = static_cast<const decltype(inElement)*>(a.in) + m * a.inStride;
        for (int64_t n = 0; n < a.N; ++n) {
          const float before = a.accumulate != 0 ? toFloat(out[n]) : 0.0f;
          out[n] = fromFloat<Out>(before + a.scale * toFloat(in[n]));
        }
      });
    });
  });
}

}  // namespace Z2_ISA
}  // namespace z2
