#include "kernels/cpu/reference.h"
#include "tests/kernels/buffers.h"

namespace z2::test {
namespace {

const std::vector<int64_t> kSizes = {1, 7, 8, 9, 4095, 4097, 20011};

struct Case {
  Case(int64_t n, Z2DType weightType)
      : master(normalBuffer(n, 1)),
        m(normalBuffer(n, 2, Z2_F32, 0.1)),
        v(n),
        grad(normalBuffer(n, 4)),
        weights(n, weightType) {
    std::vector<double> squares = normal(n, 3, 0.1);
    for (double& value : squares) value *= value;
    v.set(squares);
  }

  [[nodiscard]] Z2AdamW arguments(const double* squaredNorm, int32_t fused) const {
    return {.master = master.floats(),
            .m = m.floats(),
            .v = v.floats(),
            .grad = grad.floats(),
            .weights = weights.data(),
            .squaredNorm = squaredNorm,
            .n = master.size(),
            .lr = 1e-2f,
            .beta1 = 0.9f,
            .beta2 = 0.95f,
            .eps = 1e-8f,
            .weightDecay = 0.1f,
            .gradScale = 0.5f,
            .maxNorm = 1.0f,
            .step = 3,
            .weightType = weights.type(),
            .zeroGrad = 1,
            .fused = fused};
  }

  Buffer master, m, v, grad, weights;
};

TEST(AdamW, AgreesWithDouble) {
  for (const int64_t n : kSizes) {
    for (const Z2DType type : allTypes()) {
      for (const int32_t fused : {0, 1}) {
        for (const double squaredNorm : {0.01, static_cast<double>(n) * 100}) {
          const Case got(n, type);
          const Case want(n, type);
          const Z2AdamW a = got.arguments(&squaredNorm, fused);
          expectOk(ops().adamw(ops().context, &a));
          reference::adamw(want.arguments(&squaredNorm, 1), 1);
          EXPECT_LE(relativeError(got.master, want.master), 1e-6);
          EXPECT_LE(relativeError(got.m, want.m), 1e-6);
          EXPECT_LE(relativeError(got.v, want.v), 1e-6);
          EXPECT_LE(relativeError(got.weights, want.weights), toleranceOf(type));
          EXPECT_EQ(relativeError(got.grad, want.grad), 0);
        }
      }
    }
  }
}

TEST(AdamW, AnInfiniteNormSkipsTheStepAndDropsTheGradient) {
  for (const int32_t fused : {0, 1}) {
    for (const double squaredNorm : {static_cast<double>(INFINITY), std::nan("")}) {
      const Case c(4097, Z2_BF16);
      const Buffer master(c.master);
      const Buffer m(c.m);
      const Z2AdamW a = c.arguments(&squaredNorm, fused);
      expectOk(ops().adamw(ops().context, &a));
      EXPECT_TRUE(c.master.hasSameBits(master));
      EXPECT_TRUE(c.m.hasSameBits(m));
      EXPECT_EQ(c.grad.get(), std::vector<double>(4097, 0.0));
    }
  }
}

TEST(SquaredNorm, AgreesWithDoubleAndAccumulates) {
  for (const int64_t n : kSizes) {
    const Buffer x = normalBuffer(n, 1);
    std::vector<double> partial(ops().squaredNormWorkspace(ops().context, n) / sizeof(double));
    double sum = 0;
    double want = 0;
    for (const double value : x.get()) want += value * value;
    for (const int32_t accumulate : {0, 1}) {
      const Z2SquaredNorm a = {.out = &sum,
                               .x = x.floats(),
                               .n = n,
                               .accumulate = accumulate,
                               .workspace = partial.data()};
      expectOk(ops().squaredNorm(ops().context, &a));
      EXPECT_NEAR(sum, (accumulate + 1) * want, 1e-12 * want);
    }
  }
}

TEST(SquaredNorm, InfinityShows) {
  const Buffer x = normalBuffer(4097, 1);
  x.floats()[4096] = INFINITY;
  double sum = 0;
  std::vector<double> partial(ops().squaredNormWorkspace(ops().context, 4097) / sizeof(double));
  const Z2SquaredNorm a = {
      .out = &sum, .x = x.floats(), .n = 4097, .accumulate = 0, .workspace = partial.data()};
  expectOk(ops().squaredNorm(ops().context, &a));
  EXPECT_TRUE(std::isinf(sum));
}

}  // namespace
}  // namespace z2::test
