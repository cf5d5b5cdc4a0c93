#include <cmath>
#include <vector>

#include "kernels/cpu/element.h"
#include "kernels/cpu/reference.h"

namespace z2::reference {
namespace {

// x of one row, normalised where that is asked for; rounded to the type T of the product.
template <typename T, typename X>
std::vector<double> inputRow(const Z2RowLinear& a, int64_t m) {
  const auto* x = static_cast<const X*>(a.x) + m * a.K;
  std::vector<double> row(static_cast<size_t>(a.K));
  for (int64_t k = 0; k < a.K; ++k) row[static_cast<size_t>(k)] = toDouble(x[k]);
  if (a.normWeight == nullptr) return row;
  double squares = 0;
  for (const double value : row) squares += value * value;
  const double rstd = 1 / std::sqrt(squares / static_cast<double>(a.K) + a.eps);
  const auto* weight = static_cast<const T*>(a.normWeight);
  for (int64_t k = 0; k < a.K; ++k) {
    double& value = row[static_cast<size_t>(k)];
    value = toDouble(fromDouble<T>(toDouble(weight[k]) * value * rstd));
  }
  return row;
}

template <typename T>
double product(const Z2RowLinear& a, const std::vector<double>& x, int64_t n) {
  const auto* weight = static_cast<const T*>(a.weight) + n * a.K;
  double sum = a.bias == nullptr ? 0 : toDouble(static_cast<const T*>(a.bias)[n]);
  for (int64_t k = 0; k < a.K; ++k) sum += x[static_cast<size_t>(k)] * toDouble(weight[k]);
  return sum;
}

}  // namespace

void rowLinear(const Z2RowLinear& a, int threads) {
  const int64_t width = a.swiglu != 0 ? a.N / 2 : a.N;
  withType(a.type, [&](auto element) {
    withType(a.xType, [&](auto in) {
      withType(a.outType, [&](auto result) {
        using T = decltype(element);
        using Out = decltype(result);
        for (int64_t m = 0; m < a.M; ++m) {
          const std::vector<double> x = inputRow<T, decltype(in)>(a, m);
          auto* out = static_cast<Out*>(a.out) + m * width;
#pragma omp parallel for num_threads(threads)
          for (int64_t n = 0; n < width; ++n) {
            double value = product<T>(a, x, n);
            if (a.swiglu != 0) value = value / (1 + std::exp(-value)) * product<T>(a, x, width + n);
            out[n] = fromDouble<Out>(a.accumulate != 0 ? toDouble(out[n]) + value : value);
          }
        }
      });
    });
  });
}

}  // namespace z2::reference
