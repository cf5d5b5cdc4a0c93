#include "kernels/cpu/kernel_set_isa.h"
#include "kernels/cpu/parallel.h"
#include "kernels/cpu/simd.h"

namespace z2 {
inline namespace Z2_ISA {

void embeddingForward(const Z2EmbeddingForward& a, int threads) {
  withType(a.outType, [&](auto outElement) {
    withType(a.tableType, [&](auto tableElement) {
      auto* out = static_cast<decltype(outElement)*>(a.out);
      const auto* table = static_cast<const decltype(tableElement)*>(a.table);
      parallelFor(threads, a.N, a.C, [&](int64_t n) {
        const auto* from = table + a.tokens[n] * a.C;
        auto* to = out + n * a.C;
        forLanes(a.C, [&](int64_t c, auto lanes) { store(to + c, load(from + c, lanes), lanes); });
      });
    });
  });
}

// Columns are shared out, not rows: each sum is then taken in the order of n.
void embeddingBackward(const Z2EmbeddingBackward& a, int threads) {
  constexpr int64_t kColumns = 32;
  withType(a.dOutType, [&](auto element) {
    const auto* dOut = static_cast<const decltype(element)*>(a.dOut);
    parallelFor(threads, (a.C + kColumns - 1) / kColumns, kColumns * a.N, [&](int64_t block) {
      const int64_t begin = block * kColumns;
      const int64_t columns = begin + kColumns < a.C ? kColumns : a.C - begin;
      for (int64_t n = 0; n < a.N; ++n) {
        const auto* from = dOut + n * a.C + begin;
        float* to = a.dTable + a.tokens[n] * a.C + begin;
        forLanes(columns, [&](int64_t c, auto lanes) {
          store(to + c, load(to + c, lanes) + load(from + c, lanes), lanes);
        });
      }
    });
  });
}

}  // namespace Z2_ISA
}  // namespace z2
