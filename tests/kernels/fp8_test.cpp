#include "kernels/cpu/fp8.h"

#include <cmath>
#include <cstdint>
#include <limits>
#include <vector>

#include "tests/kernels/buffers.h"

namespace z2::test {
namespace {

TEST(Fp8, EveryCodeIsItsOwnValuesCode) {
  for (const Z2DType type : {Z2_E4M3, Z2_E5M2}) {
    for (int code = 0; code < 256; ++code) {
      const float value = decodeFp8(static_cast<uint8_t>(code), type);
      if (!std::isfinite(value)) continue;
      EXPECT_EQ(encodeFp8(value, type), code) << value;
    }
  }
}

TEST(Fp8, KnownValues) {
  EXPECT_EQ(decodeFp8(0x38, Z2_E4M3), 1.0f);
  EXPECT_EQ(decodeFp8(0x7E, Z2_E4M3), 448.0f);
  EXPECT_EQ(decodeFp8(0x01, Z2_E4M3), std::ldexp(1.0f, -9));
  EXPECT_EQ(decodeFp8(0xC0, Z2_E4M3), -2.0f);
  EXPECT_EQ(decodeFp8(0x3C, Z2_E5M2), 1.0f);
  EXPECT_EQ(decodeFp8(0x7B, Z2_E5M2), 57344.0f);
  EXPECT_EQ(decodeFp8(0x7C, Z2_E5M2), std::numeric_limits<float>::infinity());
  EXPECT_TRUE(std::isnan(decodeFp8(0x7F, Z2_E4M3)));
}

TEST(Fp8, RoundsToNearestEvenAndStopsAtTheGreatest) {
  EXPECT_EQ(decodeFp8(encodeFp8(1.0625f, Z2_E4M3), Z2_E4M3), 1.0f);   // between 1 and 1.125
  EXPECT_EQ(decodeFp8(encodeFp8(1.1875f, Z2_E4M3), Z2_E4M3), 1.25f);  // between 1.125 and 1.25
  EXPECT_EQ(decodeFp8(encodeFp8(1.99f, Z2_E4M3), Z2_E4M3), 2.0f);     // into the next exponent
  EXPECT_EQ(decodeFp8(encodeFp8(-1e9f, Z2_E4M3), Z2_E4M3), -448.0f);
  EXPECT_EQ(encodeFp8(std::numeric_limits<float>::infinity(), Z2_E5M2), 0x7B);
  EXPECT_EQ(encodeFp8(std::ldexp(1.0f, -11), Z2_E4M3), 0);  // half of a quarter
  EXPECT_EQ(encodeFp8(NAN, Z2_E4M3) & 0x7F, 0x7F);
}

TEST(Fp8, QuantisesBothWays) {
  constexpr int64_t kN = 16, kC = 32;
  const std::vector<double> drawn = normal(kN * kC, 3);
  const std::vector<float> in(drawn.begin(), drawn.end());
  float amax = 0, scale = 0;
  const Z2Amax measure = {.amax = &amax, .in = in.data(), .n = kN * kC, .type = Z2_F32};
  expectOk(ops().amax(ops().context, &measure));
  float most = 0;
  for (const float x : in) most = std::max(most, std::fabs(x));
  EXPECT_EQ(amax, most);
  std::vector<uint8_t> codes(kN * kC), transposed(kN * kC);
  const Z2Quantise quantise = {.codes = codes.data(),
                               .transposed = transposed.data(),
                               .scale = &scale,
                               .in = in.data(),
                               .amax = &amax,
                               .N = kN,
                               .C = kC,
                               .type = Z2_F32,
                               .codeType = Z2_E4M3};
  expectOk(ops().quantise(ops().context, &quantise));
  for (int64_t n = 0; n < kN; ++n) {
    for (int64_t c = 0; c < kC; ++c) {
      const float x = in[static_cast<size_t>(n * kC + c)];
      const uint8_t code = codes[static_cast<size_t>(n * kC + c)];
      // Half a step of 3 bits, or of the smallest numbers.
      EXPECT_NEAR(decodeFp8(code, Z2_E4M3) * scale, x,
                  std::max(std::fabs(x) / 16, std::ldexp(scale, -10)));
      EXPECT_EQ(transposed[static_cast<size_t>(c * kN + n)], code);
    }
  }
}

TEST(Fp8, MultipliesWhatTheCodesStandFor) {
  constexpr int64_t kM = 2, kN = 16, kK = 16;
  std::vector<uint8_t> a(kM * kK), b(kN * kK);
  for (size_t i = 0; i < a.size(); ++i) a[i] = encodeFp8(static_cast<float>(i % 5) - 2, Z2_E5M2);
  for (size_t i = 0; i < b.size(); ++i) b[i] = encodeFp8(static_cast<float>(i % 7) - 3, Z2_E4M3);
  const float scaleA = 0.5f, scaleB = 4.0f;
  std::vector<float> out(kM * kN, 10.0f);
  Z2MatmulFp8 product = {.out = out.data(),
                         .a = a.data(),
                         .b = b.data(),
                         .scaleA = &scaleA,
                         .scaleB = &scaleB,
                         .bias = nullptr,
                         .M = kM,
                         .N = kN,
                         .K = kK,
                         .beta = 1,
                         .typeA = Z2_E5M2,
                         .typeB = Z2_E4M3,
                         .outType = Z2_F32,
                         .fastSums = 0};
  expectOk(ops().matmulFp8(ops().context, &product));
  for (int64_t m = 0; m < kM; ++m) {
    for (int64_t n = 0; n < kN; ++n) {
      float sum = 10;
      for (int64_t k = 0; k < kK; ++k)
        sum += 2 * (static_cast<float>((m * kK + k) % 5) - 2) *
               (static_cast<float>((n * kK + k) % 7) - 3);
      EXPECT_EQ(out[static_cast<size_t>(m * kN + n)], sum);
    }
  }
  product.typeB = Z2_E5M2;
  EXPECT_EQ(ops().matmulFp8(ops().context, &product), Z2_INVALID);
  product.typeB = Z2_E4M3;
  product.K = 8;
  EXPECT_EQ(ops().matmulFp8(ops().context, &product), Z2_INVALID);
}

}  // namespace
}  // namespace z2::test
