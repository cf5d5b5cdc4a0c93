#include "kernels/cpu/reference.h"
#include "tests/kernels/buffers.h"

namespace z2::test {
namespace {

struct Shape {
  int64_t N, Hq, Hkv, D;
};
const std::vector<Shape> kShapes = {{1, 1, 1, 2}, {3, 4, 2, 6}, {5, 3, 1, 18}, {40, 5, 5, 64}};
constexpr int64_t kPositions = 50;

// The projection before and after; positions repeat, as in packed sequences.
struct Case {
  Case(const Shape& s, Z2DType type)
      : shape(s),
        qkv(normalBuffer(s.N * (s.Hq + 2 * s.Hkv) * s.D, 1, type)),
        bias(normalBuffer((s.Hq + 2 * s.Hkv) * s.D, 2, type)),
        cosine(kPositions * s.D / 2),
        sine(kPositions * s.D / 2),
        positions(integers(s.N, 3, 0, kPositions)) {
    for (int64_t p = 0; p < kPositions; ++p) {
      for (int64_t d = 0; d < s.D / 2; ++d) {
        const double angle = static_cast<double>(p) / std::pow(100.0, 2.0 * d / s.D);
        cosine.floats()[p * s.D / 2 + d] = static_cast<float>(std::cos(angle));
        sine.floats()[p * s.D / 2 + d] = static_cast<float>(std::sin(angle));
      }
    }
  }

  [[nodiscard]] Z2Rope arguments(bool hasBias, int32_t inverse, int32_t fused) const {
    return {.qkv = qkv.data(),
            .bias = hasBias ? bias.data() : nullptr,
            .cosine = cosine.floats(),
            .sine = sine.floats(),
            .positions = positions.data(),
            .N = shape.N,
            .Hq = shape.Hq,
            .Hkv = shape.Hkv,
            .D = shape.D,
            .P = kPositions,
            .type = qkv.type(),
            .inverse = inverse,
            .fused = fused};
  }

  Shape shape;
  Buffer qkv, bias, cosine, sine;
  std::vector<int32_t> positions;
};

TEST(Rope, AgreesWithDouble) {
  for (const Shape& shape : kShapes) {
    for (const Z2DType type : allTypes()) {
      for (const int32_t option : {0, 1, 2, 3}) {
        const Case got(shape, type);
        const Case want(shape, type);
        const bool hasBias = option < 2;
        const int32_t fused = option % 2;
        const Z2Rope a = got.arguments(hasBias, option == 2, fused);
        expectOk(ops().rope(ops().context, &a));
        reference::rope(want.arguments(hasBias, option == 2, 1), 1);
        const double slack = hasBias && fused == 0 ? 2 : 1;  // the bias is rounded on its own
        EXPECT_LE(relativeError(got.qkv, want.qkv), slack * toleranceOf(type));
      }
    }
  }
}

TEST(Rope, TheInverseTurnsBack) {
  const Case rotated({40, 5, 5, 64}, Z2_F32);
  const Buffer before(rotated.qkv);
  for (const int32_t inverse : {0, 1}) {
    const Z2Rope a = rotated.arguments(false, inverse, 1);
    expectOk(ops().rope(ops().context, &a));
  }
  EXPECT_LE(relativeError(rotated.qkv, before), 1e-6);
}

TEST(Rope, APositionPastTheTableIsRefused) {
  Case c({3, 1, 1, 2}, Z2_F32);
  c.positions[1] = kPositions;
  const Z2Rope a = c.arguments(false, 0, 1);
  EXPECT_EQ(ops().rope(ops().context, &a), Z2_INVALID);
  EXPECT_STREQ(ops().lastError(ops().context), "rope: position 1 is 50, outside 0 .. 49");
}

}  // namespace
}  // namespace z2::test
