#include <cmath>

#include "kernels/cpu/kernel_set.h"
#include "kernels/cpu/kernel_set_isa.h"
#include "kernels/cpu/parallel.h"
#include "kernels/cpu/simd.h"

namespace z2 {
inline namespace Z2_ISA {
namespace {

Z2_INLINE D4 widen(F8 x, int half) {
  const F4 part = half == 0 ? F4{x[0], x[1], x[2], x[3]} : F4{x[4], x[5], x[6], x[7]};
  return __builtin_convertvector(part, D4);
}

double sumOfSquares(const float* x, int64_t n) {
  D4 sums[2] = {};
  forLanes(n, [&](int64_t i, auto lanes) {
    const F8 value = load(x + i, lanes);
    for (int half = 0; half < 2; ++half) {
      const D4 wide = widen(value, half);
      sums[half] += wide * wide;
    }
  });
  const D4 total = sums[0] + sums[1];
  return (total[0] + total[2]) + (total[1] + total[3]);
}

// The step's constants, as the update of one element needs them.
struct Step {
  explicit Step(const Z2AdamW& a) {
    const double norm = std::sqrt(*a.squaredNorm) * static_cast<double>(a.gradScale);
    const double clip = static_cast<double>(a.maxNorm) / (norm + 1e-6);
    scale = static_cast<float>(a.gradScale * (a.maxNorm > 0 && clip < 1 ? clip : 1.0));
    const auto step = static_cast<double>(a.step);
    const double correction1 = 1 - std::pow(static_cast<double>(a.beta1), step);
    const double correction2 = 1 - std::pow(static_cast<double>(a.beta2), step);
    rate = static_cast<float>(a.lr / correction1);
    inverseCorrection2 = static_cast<float>(1 / correction2);
    decay = static_cast<float>(static_cast<double>(a.lr) * static_cast<double>(a.weightDecay));
    oneMinusBeta1 = static_cast<float>(1.0 - static_cast<double>(a.beta1));
    oneMinusBeta2 = static_cast<float>(1.0 - static_cast<double>(a.beta2));
  }
  float scale, rate, inverseCorrection2, decay, oneMinusBeta1, oneMinusBeta2;
};

Z2_INLINE F8 newMaster(const Z2AdamW& a, const Step& s, F8 master, F8 m, F8 v) {
  const F8 update = m * s.rate / (squareRoot(v * s.inverseCorrection2) + a.eps);
  return master - (master * s.decay + update);
}

template <typename T>
Z2_INLINE void updateBlock(const Z2AdamW& a, const Step& s, int64_t begin, int64_t n) {
  float* master = a.master + begin;
  float* mOf = a.m + begin;
  float* vOf = a.v + begin;
  float* grad = a.grad + begin;
  T* weights = a.weights == nullptr ? nullptr : static_cast<T*>(a.weights) + begin;
  forLanes(n, [&](int64_t i, auto lanes) {
    const F8 g = load(grad + i, lanes) * s.scale;
    const F8 m = load(mOf + i, lanes) * a.beta1 + g * s.oneMinusBeta1;
    const F8 v = load(vOf + i, lanes) * a.beta2 + g * g * s.oneMinusBeta2;
    const F8 updated = newMaster(a, s, load(master + i, lanes), m, v);
    store(mOf + i, m, lanes);
    store(vOf + i, v, lanes);
    store(master + i, updated, lanes);
    if (weights != nullptr) store(weights + i, updated, lanes);
    if (a.zeroGrad != 0) store(grad + i, F8{}, lanes);
  });
}

template <typename F>
void pass(int threads, int64_t n, F f) {
  parallelBlocks(threads, n, kNormBlock, [&](int64_t begin, int64_t end) {
    forLanes(end - begin, [&](int64_t i, auto lanes) { f(begin + i, lanes); });
  });
}

// A pass over memory for each line of the formula, as an optimizer of separate operations does it.
template <typename T>
void separatePasses(const Z2AdamW& a, const Step& s, int threads) {
  pass(threads, a.n,
       [&](int64_t i, auto lanes) { store(a.grad + i, load(a.grad + i, lanes) * s.scale, lanes); });
  pass(threads, a.n, [&](int64_t i, auto lanes) {
    const F8 g = load(a.grad + i, lanes);
    store(a.m + i, load(a.m + i, lanes) * a.beta1 + g * s.oneMinusBeta1, lanes);
  });
  pass(threads, a.n, [&](int64_t i, auto lanes) {
    const F8 g = load(a.grad + i, lanes);
    store(a.v + i, load(a.v + i, lanes) * a.beta2 + g * g * s.oneMinusBeta2, lanes);
  });
  pass(threads, a.n, [&](int64_t i, auto lanes) {
    const F8 master = load(a.master + i, lanes);
    store(a.master + i, newMaster(a, s, master, load(a.m + i, lanes), load(a.v + i, lanes)), lanes);
  });
  auto* weights = static_cast<T*>(a.weights);
  if (weights == nullptr) return;
  pass(threads, a.n,
       [&](int64_t i, auto lanes) { store(weights + i, load(a.master + i, lanes), lanes); });
}

}  // namespace

void squaredNorm(const Z2SquaredNorm& a, int threads) {
  auto* partial = static_cast<double*>(a.workspace);
  parallelBlocks(threads, a.n, kNormBlock, [&](int64_t begin, int64_t end) {
    partial[begin / kNormBlock] = sumOfSquares(a.x + begin, end - begin);
  });
  double total = 0;
  for (int64_t block = 0; block * kNormBlock < a.n; ++block) total += partial[block];
  a.out[0] = a.accumulate != 0 ? a.out[0] + total : total;
}

void adamw(const Z2AdamW& a, int threads) {
  const Step step(a);
  const bool isSkipped = !std::isfinite(*a.squaredNorm);
  if (!isSkipped) {
    withType(a.weightType, [&](auto element) {
      using T = decltype(element);
      if (a.fused == 0) {
        separatePasses<T>(a, step, threads);
        return;
      }
      parallelBlocks(threads, a.n, kNormBlock, [&](int64_t begin, int64_t end) {
        updateBlock<T>(a, step, begin, end - begin);
      });
    });
  }
  if (a.zeroGrad == 0 || (!isSkipped && a.fused != 0)) return;
  pass(threads, a.n, [&](int64_t i, auto lanes) { store(a.grad + i, F8{}, lanes); });
}

}  // namespace Z2_ISA
}  // namespace z2
