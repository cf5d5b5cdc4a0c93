#include <cmath>

#include "kernels/cpu/kernel_set_isa.h"
#include "kernels/cpu/parallel.h"
#include "kernels/cpu/simd.h"

namespace z2 {
inline namespace Z2_ISA {
namespace {

template <typename T>
Z2_INLINE float largestOf(const T* row, int64_t V) {
  F8 largest = splat(-__builtin_inff());
  const int64_t whole = V / kLanes * kLanes;
  for (int64_t v = 0; v < whole; v += kLanes) largest = maximum(largest, load(row + v));
  float result = maximum(largest);
  for (int64_t v = whole; v < V; ++v) {
    const float x = toFloat(row[v]);
    result = x > result ? x : result;
  }
  return result;
}

// Lanes past the end of the row are taken out of sums again.
Z2_INLINE F8 onlyElements(F8 x, Full) { return x; }
Z2_INLINE F8 onlyElements(F8 x, Part part) {
  const I8 lane = {0, 1, 2, 3, 4, 5, 6, 7};
  return select(lane < static_cast<int32_t>(part.count), x, F8{});
}

// sum_v exp(row[v] - largest); keeps the exponentials in place when asked. Sums of a block are
// fp32, the blocks are added up in double: rows are long.
template <bool keeps, typename T>
Z2_INLINE double sumOfExponentials(T* row, int64_t V, float largest) {
  constexpr int64_t kBlock = 1024;
  double total = 0;
  for (int64_t begin = 0; begin < V; begin += kBlock) {
    F8 sums = {};
    forLanes(begin + kBlock < V ? kBlock : V - begin, [&](int64_t v, auto lanes) {
      const F8 e = exponential(load(row + begin + v, lanes) - largest);
      if constexpr (keeps) store(row + begin + v, e, lanes);
      sums += onlyElements(e, lanes);
    });
    total += static_cast<double>(sum(sums));
  }
  return total;
}

Z2_INLINE void finishLoss(const Z2CrossEntropy& a, int64_t n, double loss) {
  a.loss[n] = a.targets[n] < 0 ? 0.0f : static_cast<float>(loss);
  if (a.logProb != nullptr) a.logProb[n] = a.targets[n] < 0 ? 0.0f : static_cast<float>(-loss);
}

Z2_INLINE float scaleOf(const Z2CrossEntropy& a, int64_t n) {
  return a.weights == nullptr ? a.gradScale : a.gradScale * a.weights[n];
}

// The gradient from fp32 numbers that are, times `factor`, the softmax.
template <typename T>
Z2_INLINE void scaleRow(T* to, const float* from, int64_t V, float factor) {
  forLanes(V, [&](int64_t v, auto lanes) { store(to + v, load(from + v, lanes) * factor, lanes); });
}

// A row of fp32 keeps its exponentials in place between the passes; 16 bits would be too few for
// that, so there they are computed again.
template <typename T>
void fusedRow(const Z2CrossEntropy& a, int64_t n) {
  T* row = static_cast<T*>(a.logits) + n * a.V;
  const int32_t target = a.targets[n];
  if (target < 0) {
    finishLoss(a, n, 0);
    if (a.writeGradient != 0) std::memset(row, 0, static_cast<size_t>(a.V) * sizeof(T));
    return;
  }
  constexpr bool isSingle = sizeof(T) == sizeof(float);
  const float largest = largestOf(row, a.V);
  const double logit = toFloat(row[target]);
  const double total = isSingle && a.writeGradient != 0
                           ? sumOfExponentials<isSingle>(row, a.V, largest)
                           : sumOfExponentials<false>(row, a.V, largest);
  const double loss = std::log(total) + static_cast<double>(largest) - logit;
  finishLoss(a, n, loss);
  if (a.writeGradient == 0) return;
  const auto scale = static_cast<double>(scaleOf(a, n));
  const double ofTarget = std::expm1(-loss) * scale;
  const auto factor = static_cast<float>(scale / total);
  forLanes(a.V, [&](int64_t v, auto lanes) {
    const F8 x = load(row + v, lanes);
    store(row + v, (isSingle ? x : exponential(x - largest)) * factor, lanes);
  });
  row[target] = fromFloat<T>(static_cast<float>(ofTarget));
}

// An fp32 copy, then a pass for each of: largest, exponentials and their sum, gradient.
template <typename T>
void separatePasses(const Z2CrossEntropy& a, int threads) {
  auto* copy = static_cast<float*>(a.workspace);
  auto* logits = static_cast<T*>(a.logits);
  parallelFor(threads, a.N, a.V, [&](int64_t n) {
    forLanes(a.V, [&](int64_t v, auto lanes) {
      store(copy + n * a.V + v, load(logits + n * a.V + v, lanes), lanes);
    });
  });
  parallelFor(threads, a.N, a.V, [&](int64_t n) { a.loss[n] = largestOf(copy + n * a.V, a.V); });
  parallelFor(threads, a.N, a.V, [&](int64_t n) {
    float* row = copy + n * a.V;
    const float largest = a.loss[n];
    const double total = sumOfExponentials<true>(row, a.V, largest);
    const int32_t target = a.targets[n];
    if (a.writeGradient != 0) {
      scaleRow(row, row, a.V, static_cast<float>(target < 0 ? 0.0 : 1.0 / total));
    }
    const double logit = target < 0 ? 0 : toFloat(logits[n * a.V + target]);
    finishLoss(a, n, std::log(total) + static_cast<double>(largest) - logit);
  });
  if (a.writeGradient == 0) return;
  parallelFor(threads, a.N, a.V, [&](int64_t n) {
    float* row = copy + n * a.V;
    if (a.targets[n] >= 0) row[a.targets[n]] -= 1.0f;
    scaleRow(logits + n * a.V, row, a.V, scaleOf(a, n));
  });
}

}  // namespace

void crossEntropy(const Z2CrossEntropy& a, int threads) {
  withType(a.type, [&](auto element) {
    using T = decltype(element);
    if (a.fused == 0) {
      separatePasses<T>(a, threads);
    } else {
      parallelFor(threads, a.N, a.V, [&](int64_t n) { fusedRow<T>(a, n); });
    }
  });
}

}  // namespace Z2_ISA
}  // namespace z2
