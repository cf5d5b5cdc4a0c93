#include "kernels/cpu/philox.h"
#include "kernels/cpu/reference.h"
#include "tests/kernels/buffers.h"

namespace z2::test {
namespace {

const std::vector<int64_t> kSizes = {1, 7, 8, 9, 8191, 16385};

// Random123's known answers for Philox4x32-10.
TEST(Philox, KnownAnswers) {
  const PhiloxBlock zeros = philox({{0, 0, 0, 0}}, 0, 0);
  EXPECT_EQ(zeros.words[0], 0x6627e8d5u);
  EXPECT_EQ(zeros.words[1], 0xe169c58du);
  EXPECT_EQ(zeros.words[2], 0xbc57ac4cu);
  EXPECT_EQ(zeros.words[3], 0x9b00dbd8u);
  const PhiloxBlock pi =
      philox({{0x243f6a88u, 0x85a308d3u, 0x13198a2eu, 0x03707344u}}, 0xa4093822u, 0x299f31d0u);
  EXPECT_EQ(pi.words[0], 0xd16cfe09u);
  EXPECT_EQ(pi.words[3], 0x24126ea1u);
}

TEST(Convert, RoundsToNearestEvenForEveryPair) {
  std::vector<double> values = normal(16385, 1, 100);
  const std::vector<double> special = {0.0,   -0.0,    1.00390625, 1.01171875, 65504,
                                       65519, 65520,   3.4e38,     1e-8,       6e-8,
                                       3e-5,  -6.1e-5, INFINITY,   -INFINITY,  2.9802322e-8};
  std::copy(special.begin(), special.end(), values.begin());
  for (const Z2DType from : allTypes()) {
    for (const Z2DType to : allTypes()) {
      const Buffer in(values, from);
      const Buffer out(in.size(), to);
      const Buffer want(in.size(), to);
      Z2Convert a = {
          .out = out.data(), .in = in.data(), .n = in.size(), .outType = to, .inType = from};
      expectOk(ops().convert(ops().context, &a));
      a.out = want.data();
      reference::convert(a, 1);
      EXPECT_TRUE(out.hasSameBits(want)) << from << " to " << to;
    }
  }
}

TEST(Convert, NanStaysNan) {
  for (const Z2DType to : allTypes()) {
    const Buffer in(std::vector<double>(9, std::nan("")), Z2_F32);
    const Buffer out(std::vector<double>(9, 1.0), to);
    const Z2Convert a = {
        .out = out.data(), .in = in.data(), .n = 9, .outType = to, .inType = Z2_F32};
    expectOk(ops().convert(ops().context, &a));
    for (const double value : out.get()) EXPECT_TRUE(std::isnan(value));
  }
}

TEST(Add, AgreesWithDoubleAlsoInPlace) {
  for (const int64_t n : kSizes) {
    for (const Z2DType type : allTypes()) {
      for (const float probability : {0.0f, 0.3f}) {
        const Buffer x = normalBuffer(n, 1, type);
        const Buffer y = normalBuffer(n, 2, Z2_BF16);
        const Buffer want(n, type);
        Z2Add a = {.out = want.data(),
                   .a = x.data(),
                   .b = y.data(),
                   .n = n,
                   .type = type,
                   .typeB = Z2_BF16,
                   .dropout = {.probability = probability, .seed = 1, .stream = 2}};
        reference::add(a, 1);
        a.out = x.data();
        expectOk(ops().add(ops().context, &a));
        EXPECT_LE(relativeError(x, want), toleranceOf(type));
      }
    }
  }
}

TEST(Dropout, KeepsTheSameElementsAsTheReferenceAndTheRightShare) {
  const int64_t n = 100003;
  const Buffer in(std::vector<double>(static_cast<size_t>(n), 1.0), Z2_F32);
  const Buffer out(n);
  const Buffer want(n);
  Z2DropoutApply a = {
      .out = out.data(),
      .in = in.data(),
      .n = n,
      .outType = Z2_F32,
      .inType = Z2_F32,
      .dropout = {.probability = 0.1f, .seed = 0x123456789abcdefu, .stream = 0xfedcba987654321u}};
  expectOk(ops().dropout(ops().context, &a));
  a.out = want.data();
  reference::dropout(a, 1);
  EXPECT_TRUE(out.hasSameBits(want));
  double kept = 0;
  for (const double value : out.get()) kept += value > 0;
  EXPECT_NEAR(kept / static_cast<double>(n), 0.9, 0.004);
}

TEST(Dropout, AProbabilityOfOneIsRefused) {
  const Buffer x = normalBuffer(4, 1);
  Z2DropoutApply a = {};
  a.out = x.data();
  a.in = x.data();
  a.n = 4;
  a.dropout.probability = 1;
  EXPECT_EQ(ops().dropout(ops().context, &a), Z2_INVALID);
}

TEST(CopyBlock, CutsAndPutsAsTheReferenceAndLeavesTheRest) {
  const int64_t M = 13;
  const int64_t N = 5;
  for (const Z2DType from : allTypes()) {
    for (const Z2DType to : allTypes()) {
      for (const int32_t accumulate : {0, 1}) {
        const Buffer in = normalBuffer(M * 7, 1, from);
        const Buffer out = normalBuffer(M * 11, 2, to);
        const Buffer want(out);
        Z2CopyBlock a = {.out = out.data<char>() + 3 * sizeOfType(to),
                         .in = in.data<char>() + 2 * sizeOfType(from),
                         .M = M,
                         .N = N,
                         .outStride = 11,
                         .inStride = 7,
                         .scale = -1.5f,
                         .accumulate = accumulate,
                         .outType = to,
                         .inType = from};
        expectOk(ops().copyBlock(ops().context, &a));
        a.out = want.data<char>() + 3 * sizeOfType(to);
        reference::copyBlock(a, 1);
        EXPECT_LE(relativeError(out, want), toleranceOf(to));
        // Columns outside of the block are as they were.
        const Buffer before = normalBuffer(M * 11, 2, to);
        for (int64_t i = 0; i < M * 11; ++i) {
          if (i % 11 >= 3 && i % 11 < 8) continue;
          EXPECT_EQ(out.get()[static_cast<size_t>(i)], before.get()[static_cast<size_t>(i)]);
        }
      }
    }
  }
}

TEST(CopyBlock, AStrideShorterThanTheRowIsRefused) {
  const Buffer x = normalBuffer(16, 1);
  const Z2CopyBlock a = {.out = x.data(),
                         .in = x.data(),
                         .M = 2,
                         .N = 4,
                         .outStride = 3,
                         .inStride = 4,
                         .scale = 1,
                         .accumulate = 0,
                         .outType = Z2_F32,
                         .inType = Z2_F32};
  EXPECT_EQ(ops().copyBlock(ops().context, &a), Z2_INVALID);
}

}  // namespace
}  // namespace z2::test
