#include <array>

#include "kernels/cpu/reference.h"
#include "tests/kernels/buffers.h"

namespace z2::test {
namespace {

struct Case {
  int64_t M, N, K;
};

const std::array<Case, 12> kCases = {{{1, 1, 1},
                                      {1, 17, 320},
                                      {3, 5, 7},
                                      {6, 16, 256},
                                      {7, 15, 257},
                                      {13, 33, 513},
                                      {64, 96, 64},
                                      {101, 97, 103},
                                      {200, 330, 320},
                                      {5, 1, 1031},
                                      {1, 1031, 64},
                                      {97, 2100, 40}}};

// Both are given the same operands; the reference sums in double.
void compare(const Case& shape, bool transposeA, bool transposeB, float beta, bool hasBias,
             Z2DType type, Z2DType outType) {
  const Buffer left = normalBuffer(shape.M * shape.K, 1, type);
  const Buffer right = normalBuffer(shape.K * shape.N, 2, type);
  const Buffer bias = normalBuffer(shape.N, 3, type);
  const Buffer out =
      beta == 0 ? Buffer(shape.M * shape.N, outType) : normalBuffer(shape.M * shape.N, 4, outType);
  const Buffer want(out);
  Z2Matmul a = {.out = out.data(),
                .a = left.data(),
                .b = right.data(),
                .bias = hasBias ? bias.data() : nullptr,
                .M = shape.M,
                .N = shape.N,
                .K = shape.K,
                .transposeA = transposeA,
                .transposeB = transposeB,
                .beta = beta,
                .type = type,
                .outType = outType};
  expectOk(ops().matmul(ops().context, &a));
  a.out = want.data();
  reference::matmul(a, 2);
  EXPECT_LE(relativeError(out, want), toleranceOf(outType))
      << shape.M << "x" << shape.N << "x" << shape.K << " transpose " << transposeA << transposeB
      << " beta " << beta << " type " << type << " to " << outType;
}

TEST(Matmul, AgreesWithDoubleForEveryLayout) {
  for (const Case& shape : kCases) {
    for (const bool transposeA : {false, true}) {
      for (const bool transposeB : {false, true}) {
        compare(shape, transposeA, transposeB, 0, false, Z2_F32, Z2_F32);
        compare(shape, transposeA, transposeB, 1, true, Z2_F32, Z2_F32);
      }
    }
  }
}

TEST(Matmul, SixteenBitOperandsSumInSinglePrecision) {
  for (const Case& shape : kCases) {
    for (const Z2DType type : {Z2_BF16, Z2_F16}) {
      compare(shape, false, true, 0, true, type, type);
      compare(shape, false, false, 0, false, type, type);
      compare(shape, true, false, 1, false, type, Z2_F32);
      compare(shape, true, true, 0, false, type, Z2_F32);
      compare(shape, false, true, 1, false, type, type);
    }
  }
}

TEST(Matmul, TwoRunsGiveTheSameBits) {
  const Buffer left = normalBuffer(256 * 320, 1);
  const Buffer right = normalBuffer(960 * 320, 2);
  const Buffer first(256 * 960);
  const Buffer second(256 * 960);
  for (const Buffer* out : {&first, &second}) {
    const Z2Matmul a = {.out = out->data(),
                        .a = left.data(),
                        .b = right.data(),
                        .bias = nullptr,
                        .M = 256,
                        .N = 960,
                        .K = 320,
                        .transposeA = 0,
                        .transposeB = 1,
                        .beta = 0,
                        .type = Z2_F32,
                        .outType = Z2_F32};
    expectOk(ops().matmul(ops().context, &a));
  }
  EXPECT_TRUE(first.hasSameBits(second));
}

TEST(Matmul, AnUnknownTypeIsRefused) {
  const Buffer out(1);
  Z2Matmul a = {};
  a.out = out.data();
  a.a = out.data();
  a.b = out.data();
  a.M = a.N = a.K = 1;
  a.type = 9;
  EXPECT_EQ(ops().matmul(ops().context, &a), Z2_INVALID);
  EXPECT_STREQ(ops().lastError(ops().context), "matmul: element type 9 is unknown");
}

TEST(BiasBackward, SumsRowsInOrder) {
  for (const Z2DType type : allTypes()) {
    for (const int64_t N : {1, 7, 9, 17, 320}) {
      const int64_t M = 37;
      const Buffer dOut = normalBuffer(M * N, 1, type);
      const Buffer dBias = normalBuffer(N, 2);
      const Buffer want(dBias);
      Z2BiasBackward a = {.dBias = dBias.floats(),
                          .dOut = dOut.data(),
                          .M = M,
                          .N = N,
                          .type = type,
                          .workspace = nullptr};
      expectOk(ops().biasBackward(ops().context, &a));
      a.dBias = want.floats();
      reference::biasBackward(a, 1);
      EXPECT_TRUE(dBias.hasSameBits(want)) << N;
    }
  }
}

}  // namespace
}  // namespace z2::test
