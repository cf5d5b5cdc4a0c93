#include "kernels/cpu/reference.h"
#include "tests/kernels/buffers.h"

namespace z2::test {
namespace {

struct Shape {
  int64_t N, C;
};
const std::vector<Shape> kShapes = {{1, 1},   {3, 7},    {5, 8},     {2, 9},
                                    {65, 31}, {17, 320}, {130, 1031}};

// Inputs of one case, and outputs that start poisoned.
struct Forward {
  Forward(const Shape& s, Z2DType type, Z2DType residualType, bool withDelta, float dropout)
      : shape(s),
        residualIn(normalBuffer(s.N * s.C, 1, residualType)),
        delta(normalBuffer(s.N * s.C, 2, type)),
        weight(normalBuffer(s.C, 3, type)),
        out(s.N * s.C, type),
        rstd(s.N),
        residualOut(s.N * s.C, residualType),
        hasDelta(withDelta),
        probability(dropout) {}

  [[nodiscard]] Z2RmsNormForward arguments(int32_t fused) const {
    return {.out = out.data(),
            .rstd = rstd.floats(),
            .residualOut = hasDelta ? residualOut.data() : nullptr,
            .residualIn = residualIn.data(),
            .delta = hasDelta ? delta.data() : nullptr,
            .weight = weight.data(),
            .N = shape.N,
            .C = shape.C,
            .eps = 1e-5f,
            .type = out.type(),
            .residualType = residualIn.type(),
            .dropout = {.probability = probability, .seed = 7, .stream = 9},
            .fused = fused,
            .codes = nullptr};
  }

  Shape shape;
  Buffer residualIn, delta, weight, out, rstd, residualOut;
  bool hasDelta;
  float probability;
};

void checkForward(const Shape& shape, Z2DType type, Z2DType residualType, bool hasDelta,
                  float probability, int32_t fused) {
  const Forward got(shape, type, residualType, hasDelta, probability);
  const Forward want(shape, type, residualType, hasDelta, probability);
  const Z2RmsNormForward a = got.arguments(fused);
  expectOk(ops().rmsNormForward(ops().context, &a));
  reference::rmsNormForward(want.arguments(1), 1);
  EXPECT_LE(relativeError(got.out, want.out), toleranceOf(type));
  // A 16-bit residual may be rounded the other way where it lies between two numbers.
  EXPECT_LE(relativeError(got.rstd, want.rstd), hasDelta ? toleranceOf(residualType) : 1e-6);
  if (hasDelta) {
    EXPECT_LE(relativeError(got.residualOut, want.residualOut), toleranceOf(residualType));
  }
}

TEST(RmsNorm, ForwardAgreesWithDouble) {
  for (const Shape& shape : kShapes) {
    for (const Z2DType type : allTypes()) {
      for (const Z2DType residualType : {Z2DType{Z2_F32}, type}) {
        for (const int32_t fused : {0, 1}) {
          checkForward(shape, type, residualType, false, 0, fused);
          checkForward(shape, type, residualType, true, 0, fused);
          checkForward(shape, type, residualType, true, 0.25f, fused);
        }
      }
    }
  }
}

struct Backward {
  Backward(const Shape& s, Z2DType type, Z2DType residualType)
      : shape(s),
        dResidual(normalBuffer(s.N * s.C, 1, residualType)),
        dDelta(s.N * s.C, type),
        dWeight(normalBuffer(s.C, 2)),
        dOut(normalBuffer(s.N * s.C, 3, type)),
        residual(normalBuffer(s.N * s.C, 4, residualType)),
        weight(normalBuffer(s.C, 5, type)),
        rstd(std::vector<double>(static_cast<size_t>(s.N), 0.75), Z2_F32),
        workspace(static_cast<int64_t>(ops().rmsNormBackwardWorkspace(ops().context, s.N, s.C) /
                                       sizeof(float))),
        outAgain(s.N * s.C, type) {}

  [[nodiscard]] Z2RmsNormBackward arguments(int32_t accumulate, float probability,
                                            int32_t fused) const {
    return {.dResidual = dResidual.data(),
            .dDelta = dDelta.data(),
            .dWeight = dWeight.floats(),
            .dOut = dOut.data(),
            .residual = residual.data(),
            .weight = weight.data(),
            .rstd = rstd.floats(),
            .N = shape.N,
            .C = shape.C,
            .type = dOut.type(),
            .residualType = residual.type(),
            .dropout = {.probability = probability, .seed = 7, .stream = 9},
            .accumulate = accumulate,
            .fused = fused,
            .workspace = workspace.data(),
            .outAgain = outAgain.data(),
            .codes = nullptr};
  }

  Shape shape;
  Buffer dResidual, dDelta, dWeight, dOut, residual, weight, rstd, workspace, outAgain;
};

TEST(RmsNorm, BackwardAgreesWithDouble) {
  for (const Shape& shape : kShapes) {
    for (const Z2DType type : allTypes()) {
      for (const Z2DType residualType : {Z2DType{Z2_F32}, type}) {
        for (const int32_t option : {0, 1, 2, 3}) {
          const Backward got(shape, type, residualType);
          const Backward want(shape, type, residualType);
          const float probability = option == 3 ? 0.5f : 0.0f;
          const auto a = got.arguments(option > 0, probability, option != 1);
          expectOk(ops().rmsNormBackward(ops().context, &a));
          reference::rmsNormBackward(want.arguments(option > 0, probability, 1), 1);
          EXPECT_LE(relativeError(got.dResidual, want.dResidual), toleranceOf(residualType));
          EXPECT_LE(relativeError(got.dDelta, want.dDelta),
                    toleranceOf(type) + (residualType == Z2_F32 ? 0 : toleranceOf(residualType)));
          EXPECT_LE(relativeError(got.dWeight, want.dWeight), 1e-6);
          EXPECT_LE(relativeError(got.outAgain, want.outAgain), toleranceOf(type));
        }
      }
    }
  }
}

TEST(RmsNorm, TwoRunsGiveTheSameBits) {
  const Backward first({130, 320}, Z2_F32, Z2_F32);
  const Backward second({130, 320}, Z2_F32, Z2_F32);
  for (const Backward* run : {&first, &second}) {
    const auto a = run->arguments(1, 0.1f, 1);
    expectOk(ops().rmsNormBackward(ops().context, &a));
  }
  EXPECT_TRUE(first.dResidual.hasSameBits(second.dResidual));
  EXPECT_TRUE(first.dWeight.hasSameBits(second.dWeight));
}

}  // namespace
}  // namespace z2::test
