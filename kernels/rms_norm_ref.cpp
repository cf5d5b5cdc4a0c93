#include <algorithm>
#include <cmath>

#include "kernels/cpu/codes.h"
#include "kernels/cpu/element.h"
#include "kernels/cpu/philox.h"
#include "kernels/cpu/reference.h"

namespace z2::reference {
namespace {

template <typename T, typename R>
void forwardRow(const Z2RmsNormForward& a, int64_t n) {
  const auto* weight = static_cast<const T*>(a.weight);
  const auto* x = static_cast<const R*>(a.residualIn) + n * a.C;
  if (a.delta != nullptr) {
    const auto* delta = static_cast<const T*>(a.delta) + n * a.C;
    auto* sum = static_cast<R*>(a.residualOut) + n * a.C;
    for (int64_t c = 0; c < a.C; ++c) {
      sum[c] = fromDouble<R>(toDouble(x[c]) +
                             toDouble(delta[c]) * dropoutFactor(a.dropout, n * a.C + c));
    }
    x = sum;
  }
  double squares = 0;
  for (int64_t c = 0; c < a.C; ++c) squares += toDouble(x[c]) * toDouble(x[c]);
  const double rstd = 1 / std::sqrt(squares / static_cast<double>(a.C) + a.eps);
  a.rstd[n] = static_cast<float>(rstd);
  auto* out = static_cast<T*>(a.out) + n * a.C;
  for (int64_t c = 0; a.codes == nullptr && c < a.C; ++c) {
    out[c] = fromDouble<T>(toDouble(weight[c]) * toDouble(x[c]) * rstd);
  }
}

// Codes of the norm's result, which forward and backward make alike from what is kept between them.
template <typename T, typename R>
void writeNormCodes(const Z2Codes& to, const void* residual, const void* weight, const float* rstd,
                    int64_t N, int64_t C, int threads) {
  const auto* x = static_cast<const R*>(residual);
  const auto* w = static_cast<const T*>(weight);
  writeCodes(to, N, C, threads, [&](int64_t n, int64_t c) {
    return toFloat(x[n * C + c]) * (rstd[n] * toFloat(w[c]));
  });
}

// The scale that fits every result of a norm with that weight.
template <typename T>
float boundingScale(const void* weight, int64_t C) {
  float most = 0;
  for (int64_t c = 0; c < C; ++c) {
    const float size = std::fabs(toFloat(static_cast<const T*>(weight)[c]));
    if (!std::isfinite(size)) return NAN;
    most = std::max(most, size);
  }
  return scaleFor(std::sqrt(static_cast<float>(C)) * most, Z2_E4M3);
}

template <typename T, typename R>
void backwardRow(const Z2RmsNormBackward& a, int64_t n) {
  const auto* dOut = static_cast<const T*>(a.dOut) + n * a.C;
  const auto* x = static_cast<const R*>(a.residual) + n * a.C;
  const auto* weight = static_cast<const T*>(a.weight);
  auto* dResidual = static_cast<R*>(a.dResidual) + n * a.C;
  const double rstd = a.rstd[n];
  double mean = 0;
  for (int64_t c = 0; c < a.C; ++c)
    mean += toDouble(dOut[c]) * toDouble(weight[c]) * toDouble(x[c]);
  mean /= static_cast<double>(a.C);
  for (int64_t c = 0; c < a.C; ++c) {
    const double g = toDouble(dOut[c]) * toDouble(weight[c]);
    const double along = a.accumulate != 0 ? toDouble(dResidual[c]) : 0;
    dResidual[c] = fromDouble<R>(along + rstd * (g - toDouble(x[c]) * rstd * rstd * mean));
  }
  auto* again = static_cast<T*>(a.outAgain);
  for (int64_t c = 0; again != nullptr && c < a.C; ++c)
    again[n * a.C + c] = fromDouble<T>(toDouble(weight[c]) * toDouble(x[c]) * rstd);
  if (a.dDelta == nullptr) return;
  auto* dDelta = static_cast<T*>(a.dDelta) + n * a.C;
  for (int64_t c = 0; c < a.C; ++c) {
    dDelta[c] = fromDouble<T>(toDouble(dResidual[c]) * dropoutFactor(a.dropout, n * a.C + c));
  }
}

template <typename T, typename R>
void weightGradient(const Z2RmsNormBackward& a, int64_t c) {
  const auto* dOut = static_cast<const T*>(a.dOut);
  const auto* x = static_cast<const R*>(a.residual);
  double sum = 0;
  for (int64_t n = 0; n < a.N; ++n) {
    sum += toDouble(dOut[n * a.C + c]) * toDouble(x[n * a.C + c]) * a.rstd[n];
  }
  a.dWeight[c] = static_cast<float>(a.dWeight[c] + sum);
}

}  // namespace

void rmsNormForward(const Z2RmsNormForward& a, int threads) {
  withType(a.type, [&](auto element) {
    withType(a.residualType, [&](auto residual) {
#pragma omp parallel for num_threads(threads)
      for (int64_t n = 0; n < a.N; ++n) forwardRow<decltype(element), decltype(residual)>(a, n);
      if (a.codes == nullptr) return;
      a.codes->scale->scale = boundingScale<decltype(element)>(a.weight, a.C);
      Z2Codes known = *a.codes;
      known.isKnown = 1;
      writeNormCodes<decltype(element), decltype(residual)>(
          known, a.delta != nullptr ? a.residualOut : a.residualIn, a.weight, a.rstd, a.N, a.C,
          threads);
    });
  });
}

void rmsNormBackward(const Z2RmsNormBackward& a, int threads) {
  withType(a.type, [&](auto element) {
    withType(a.residualType, [&](auto residual) {
      if (a.codes != nullptr)
        writeNormCodes<decltype(element), decltype(residual)>(*a.codes, a.residual, a.weight,
                                                              a.rstd, a.N, a.C, threads);
#pragma omp parallel for num_threads(threads)
      for (int64_t c = 0; c < a.C; ++c) weightGradient<decltype(element), decltype(residual)>(a, c);
#pragma omp parallel for num_threads(threads)
      for (int64_t n = 0; n < a.N; ++n) backwardRow<decltype(element), decltype(residual)>(a, n);
    });
  });
}

}  // namespace z2::reference
