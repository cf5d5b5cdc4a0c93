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

}  // namespace Z2_ISA
}  // namespace z2
