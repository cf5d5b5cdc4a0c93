#include <cmath>

#include "kernels/cpu/reference.h"

namespace z2::reference {

void greedy(const Z2Greedy& a, int threads) {
#pragma omp parallel for num_threads(threads)
  for (int64_t m = 0; m < a.M; ++m) {
    const float* logits = a.logits + m * a.V;
    int64_t best = -1;
    for (int64_t v = 0; v < a.V; ++v) {
      if (std::isnan(logits[v])) continue;
      if (best < 0 || logits[v] > logits[best]) best = v;
    }
    a.chosen[m] = static_cast<int32_t>(best);
    a.tokens[m] = best < 0 ? 0 : a.chosen[m];
    a.positions[m] += 1;
  }
}

}  // namespace z2::reference
