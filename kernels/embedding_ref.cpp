#include "kernels/cpu/element.h"
#include "kernels/cpu/reference.h"

namespace z2::reference {

void embeddingForward(const Z2EmbeddingForward& a, int threads) {
  withType(a.outType, [&](auto outElement) {
    withType(a.tableType, [&](auto tableElement) {
      using Out = decltype(outElement);
      using Table = decltype(tableElement);
      auto* out = static_cast<Out*>(a.out);
      const auto* table = static_cast<const Table*>(a.table);
#pragma omp parallel for num_threads(threads)
      for (int64_t n = 0; n < a.N; ++n) {
        for (int64_t c = 0; c < a.C; ++c) {
          out[n * a.C + c] = fromFloat<Out>(toFloat(table[a.tokens[n] * a.C + c]));
        }
      }
    });
  });
}

// Columns are shared out, not rows: each sum is then taken in the order of n.
void embeddingBackward(const Z2EmbeddingBackward& a, int threads) {
  withType(a.dOutType, [&](auto element) {
    const auto* dOut = static_cast<const decltype(element)*>(a.dOut);
#pragma omp parallel for num_threads(threads)
    for (int64_t c = 0; c < a.C; ++c) {
      for (int64_t n = 0; n < a.N; ++n) {
        a.dTable[a.tokens[n] * a.C + c] += toFloat(dOut[n * a.C + c]);
      }
    }
  });
}

}  // namespace z2::reference
