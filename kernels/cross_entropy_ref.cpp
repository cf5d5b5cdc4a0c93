#include <algorithm>
#include <cmath>

#include "kernels/cpu/element.h"
#include "kernels/cpu/reference.h"

namespace z2::reference {
namespace {

template <typename T>
void crossEntropyRow(const Z2CrossEntropy& a, int64_t n) {
  auto* logits = static_cast<T*>(a.logits) + n * a.V;
  const int32_t target = a.targets[n];
  double largest = toDouble(logits[0]);
  for (int64_t v = 1; v < a.V; ++v) largest = std::max(largest, toDouble(logits[v]));
  double sum = 0;
  for (int64_t v = 0; v < a.V; ++v) sum += std::exp(toDouble(logits[v]) - largest);
  const double lse = largest + std::log(sum);
  const double loss = target < 0 ? 0 : lse - toDouble(logits[target]);
  a.loss[n] = static_cast<float>(loss);
  if (a.logProb != nullptr) a.logProb[n] = static_cast<float>(-loss);
  if (a.writeGradient == 0) return;
  const double scale =
      static_cast<double>(a.gradScale) * (a.weights == nullptr ? 1.0 : double{a.weights[n]});
  for (int64_t v = 0; v < a.V; ++v) {
    const double p = std::exp(toDouble(logits[v]) - lse) - (v == target ? 1 : 0);
    logits[v] = fromDouble<T>(target < 0 ? 0 : p * scale);
  }
}

}  // namespace

void crossEntropy(const Z2CrossEntropy& a, int threads) {
  withType(a.type, [&](auto element) {
#pragma omp parallel for num_threads(threads)
    for (int64_t n = 0; n < a.N; ++n) crossEntropyRow<decltype(element)>(a, n);
  });
}

}  // namespace z2::reference
