#include "kernels/cpu/reference.h"
#include "tests/kernels/buffers.h"

namespace z2::test {
namespace {

struct Shape {
  int64_t N, F;
};
const std::vector<Shape> kShapes = {{1, 1}, {3, 7}, {2, 8}, {5, 9}, {13, 864}, {3, 1031}};

TEST(Swiglu, ForwardAgreesWithDouble) {
  for (const Shape& s : kShapes) {
    for (const Z2DType type : allTypes()) {
      const Buffer gateUp = normalBuffer(s.N * 2 * s.F, 1, type, 3);
      const Buffer want(s.N * s.F, type);
      Z2SwigluForward a = {.out = want.data(),
                           .gateUp = gateUp.data(),
                           .N = s.N,
                           .F = s.F,
                           .type = type,
                           .fused = 1,
                           .codes = nullptr};
      reference::swigluForward(a, 1);
      for (const int32_t fused : {0, 1}) {
        const Buffer out(s.N * s.F, type);
        a.out = out.data();
        a.fused = fused;
        expectOk(ops().swigluForward(ops().context, &a));
        EXPECT_LE(relativeError(out, want), (fused == 0 ? 2 : 1) * toleranceOf(type));
      }
    }
  }
}

TEST(Swiglu, BackwardAgreesWithDoubleAlsoInPlace) {
  for (const Shape& s : kShapes) {
    for (const Z2DType type : allTypes()) {
      for (const int32_t fused : {0, 1}) {
        const Buffer gateUp = normalBuffer(s.N * 2 * s.F, 1, type, 3);
        const Buffer dOut = normalBuffer(s.N * s.F, 2, type);
        const Buffer wantGrad(s.N * 2 * s.F, type);
        const Buffer wantOut(s.N * s.F, type);
        const Buffer out(s.N * s.F, type);
        Z2SwigluBackward a = {.dGateUp = wantGrad.data(),
                              .out = wantOut.data(),
                              .dOut = dOut.data(),
                              .gateUp = gateUp.data(),
                              .N = s.N,
                              .F = s.F,
                              .type = type,
                              .fused = fused,
                              .codes = nullptr,
                              .outCodes = nullptr};
        reference::swigluBackward(a, 1);
        a.dGateUp = gateUp.data();
        a.out = out.data();
        expectOk(ops().swigluBackward(ops().context, &a));
        EXPECT_LE(relativeError(gateUp, wantGrad), toleranceOf(type));
        EXPECT_LE(relativeError(out, wantOut), toleranceOf(type));
      }
    }
  }
}

TEST(Swiglu, ExtremeGatesStayFinite) {
  const Buffer gateUp({-1e30, -200, -88, 88, 200, 1e30, 1, 1, 1, 1, 1, 1}, Z2_F32);
  const Buffer out(6);
  const Z2SwigluForward a = {.out = out.data(),
                             .gateUp = gateUp.data(),
                             .N = 1,
                             .F = 6,
                             .type = Z2_F32,
                             .fused = 1,
                             .codes = nullptr};
  expectOk(ops().swigluForward(ops().context, &a));
  EXPECT_FLOAT_EQ(out.floats()[0], 0.0f);
  EXPECT_FLOAT_EQ(out.floats()[1], 0.0f);
  EXPECT_FLOAT_EQ(out.floats()[3], 88.0f);
  EXPECT_FLOAT_EQ(out.floats()[5], 1e30f);
}

}  // namespace
}  // namespace z2::test
