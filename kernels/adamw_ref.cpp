#include <algorithm>
#include <cmath>

#include "kernels/cpu/element.h"
#include "kernels/cpu/reference.h"

namespace z2::reference {

void squaredNorm(const Z2SquaredNorm& a, int /*threads*/) {
  double sum = 0;
  for (int64_t i = 0; i < a.n; ++i) sum += static_cast<double>(a.x[i]) * a.x[i];
  a.out[0] = a.accumulate != 0 ? a.out[0] + sum : sum;
}

void adamw(const Z2AdamW& a, int threads) {
  const bool isFinite = std::isfinite(*a.squaredNorm);
  const double norm = std::sqrt(*a.squaredNorm) * a.gradScale;
  const double clip = a.maxNorm > 0 ? std::min(1.0, a.maxNorm / (norm + 1e-6)) : 1.0;
  const double scale = a.gradScale * clip;
  const double correction1 = 1 - std::pow(static_cast<double>(a.beta1), a.step);
  const double correction2 = 1 - std::pow(static_cast<double>(a.beta2), a.step);
  withType(a.weightType, [&](auto element) {
    using T = decltype(element);
    auto* weights = static_cast<T*>(a.weights);
#pragma omp parallel for num_threads(threads)
    for (int64_t i = 0; i < a.n; ++i) {
      if (isFinite) {
        const double g = a.grad[i] * scale;
        const double m = a.beta1 * static_cast<double>(a.m[i]) + (1.0 - a.beta1) * g;
        const double v = a.beta2 * static_cast<double>(a.v[i]) + (1.0 - a.beta2) * g * g;
        const double step = (m / correction1) / (std::sqrt(v / correction2) + a.eps);
        const double master = a.master[i];
        a.m[i] = static_cast<float>(m);
        a.v[i] = static_cast<float>(v);
        a.master[i] = static_cast<float>(master - a.lr * (a.weightDecay * master + step));
        if (weights != nullptr) weights[i] = fromFloat<T>(a.master[i]);
      }
      if (a.zeroGrad != 0) a.grad[i] = 0;
    }
  });
}

}  // namespace z2::reference
