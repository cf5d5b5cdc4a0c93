#include "kernels/cpu/reference.h"
#include "tests/kernels/buffers.h"

namespace z2::test {
namespace {

struct Shape {
  int64_t N, V;
};
const std::vector<Shape> kShapes = {{1, 1}, {4, 7}, {3, 8}, {5, 9}, {7, 1031}, {6, 8000}};

struct Case {
  Case(const Shape& s, Z2DType type)
      : shape(s),
        logits(normalBuffer(s.N * s.V, 1, type, 4)),
        loss(s.N),
        logProb(s.N),
        targets(integers(s.N, 2, 0, static_cast<int32_t>(s.V))),
        workspace(s.N * s.V) {
    if (s.N > 2) targets[1] = -100;
  }

  [[nodiscard]] Z2CrossEntropy arguments(int32_t writeGradient, int32_t fused) const {
    return {.logits = logits.data(),
            .loss = loss.floats(),
            .logProb = logProb.floats(),
            .targets = targets.data(),
            .N = shape.N,
            .V = shape.V,
            .gradScale = 0.125f,
            .type = logits.type(),
            .writeGradient = writeGradient,
            .fused = fused,
            .workspace = workspace.data(),
            .weights = nullptr};
  }

  Shape shape;
  Buffer logits, loss, logProb;
  std::vector<int32_t> targets;
  Buffer workspace;
};

TEST(CrossEntropy, AgreesWithDouble) {
  for (const Shape& shape : kShapes) {
    for (const Z2DType type : allTypes()) {
      for (const int32_t fused : {0, 1}) {
        const Case got(shape, type);
        const Case want(shape, type);
        const Z2CrossEntropy a = got.arguments(1, fused);
        expectOk(ops().crossEntropy(ops().context, &a));
        reference::crossEntropy(want.arguments(1, 1), 1);
        EXPECT_LE(relativeError(got.loss, want.loss), 1e-6);
        EXPECT_LE(relativeError(got.logProb, want.logProb), 1e-6);
        EXPECT_LE(relativeError(got.logits, want.logits), toleranceOf(type));
      }
    }
  }
}

TEST(CrossEntropy, WithoutAGradientTheLogitsStay) {
  for (const int32_t fused : {0, 1}) {
    const Case c({6, 1031}, Z2_F32);
    const Buffer before(c.logits);
    const Z2CrossEntropy a = c.arguments(0, fused);
    expectOk(ops().crossEntropy(ops().context, &a));
    EXPECT_TRUE(c.logits.hasSameBits(before));
    EXPECT_EQ(c.loss.floats()[1], 0.0f);
    EXPECT_GT(c.loss.floats()[0], 0.0f);
  }
}

TEST(CrossEntropy, WeightsScaleEachRowsGradientAndNotTheLoss) {
  for (const Z2DType type : allTypes()) {
    for (const int32_t fused : {0, 1}) {
      const Case got({7, 1031}, type);
      const Case want({7, 1031}, type);
      const Buffer weights(std::vector<double>{1, 0, -2.5, 0.125, 0, 3, -1}, Z2_F32);
      Z2CrossEntropy a = got.arguments(1, fused);
      a.weights = weights.floats();
      expectOk(ops().crossEntropy(ops().context, &a));
      Z2CrossEntropy b = want.arguments(1, 1);
      b.weights = weights.floats();
      reference::crossEntropy(b, 1);
      EXPECT_LE(relativeError(got.loss, want.loss), 1e-6);
      EXPECT_LE(relativeError(got.logits, want.logits), toleranceOf(type));
      EXPECT_EQ(got.logits.get()[4 * 1031 + 5], 0.0);
      // Against the sum of the losses: the third row's gradient is -2.5 times its own.
      const Case plain({7, 1031}, type);
      const Z2CrossEntropy c = plain.arguments(1, 1);
      reference::crossEntropy(c, 1);
      const auto target = static_cast<size_t>(2 * 1031 + got.targets[2]);
      const double own = plain.logits.get()[target];
      EXPECT_NEAR(got.logits.get()[target], -2.5 * own, 8 * epsilonOf(type) * std::abs(own));
    }
  }
}

TEST(CrossEntropy, LargeLogitsDoNotOverflow) {
  const Case c({1, 9}, Z2_F32);
  c.logits.set({1e4, -1e4, 9990, 0, 0, 0, 0, 0, 0});
  Z2CrossEntropy a = c.arguments(1, 1);
  const int32_t target = 2;
  a.targets = &target;
  expectOk(ops().crossEntropy(ops().context, &a));
  EXPECT_NEAR(c.loss.floats()[0], 10.0000454, 1e-6);
}

TEST(CrossEntropy, ATargetPastTheVocabularyIsRefused) {
  Case c({4, 7}, Z2_F32);
  c.targets[3] = 7;
  const Z2CrossEntropy a = c.arguments(1, 1);
  EXPECT_EQ(ops().crossEntropy(ops().context, &a), Z2_INVALID);
}

}  // namespace
}  // namespace z2::test
