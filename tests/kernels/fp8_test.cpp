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

TEST(Fp8, ScalesAreTheLeastPowersThatFit) {
  EXPECT_EQ(scaleFor(448.0f, Z2_E4M3), 1.0f);
  EXPECT_EQ(scaleFor(std::nextafter(448.0f, 1e9f), Z2_E4M3), 4.0f);
  EXPECT_EQ(scaleFor(112.0f, Z2_E4M3), 0.25f);
  EXPECT_EQ(scaleFor(113.0f, Z2_E4M3), 1.0f);
  EXPECT_EQ(scaleFor(57344.0f, Z2_E5M2), 1.0f);
  EXPECT_EQ(scaleFor(57345.0f, Z2_E5M2), 16.0f);
  EXPECT_EQ(scaleFor(1e-3f, Z2_E5M2), std::ldexp(1.0f, -24));
  EXPECT_EQ(scaleFor(1e-44f, Z2_E4M3), std::ldexp(1.0f, -124));
  EXPECT_EQ(scaleFor(0.0f, Z2_E4M3), 1.0f);
  EXPECT_TRUE(std::isnan(scaleFor(NAN, Z2_E4M3)));
  EXPECT_TRUE(std::isnan(scaleFor(INFINITY, Z2_E5M2)));
}

// Codes of a result, both ways, in a vector each.
struct Coded {
  Z2Scale scale = {};
  std::vector<uint8_t> rows, columns;
  Coded(int64_t N, int64_t C) : rows(static_cast<size_t>(N * C)), columns(rows.size()) {}
  Z2Codes both(Z2DType type) {
    return {.codes = rows.data(),
            .transposed = columns.data(),
            .scale = &scale,
            .type = type,
            .isKnown = 0};
  }
};

// Half a step of the mantissa, or of the smallest numbers.
void expectNear(uint8_t code, float scale, Z2DType type, float want) {
  const Fp8Format format = formatOf(type);
  const float smallest = std::ldexp(scale, -format.bias - format.mantissaBits);
  EXPECT_NEAR(decodeFp8(code, type) * scale, want,
              1.001f * std::max(std::ldexp(std::fabs(want), -format.mantissaBits - 1), smallest));
}

TEST(Fp8, QuantisesBothWays) {
  constexpr int64_t kN = 16, kC = 32;
  const std::vector<double> drawn = normal(kN * kC, 3);
  const std::vector<float> in(drawn.begin(), drawn.end());
  for (const Z2DType type : {Z2_E4M3, Z2_E5M2}) {
    Coded coded(kN, kC);
    const Z2Quantise quantise = {
        .out = coded.both(type), .in = in.data(), .N = kN, .C = kC, .type = Z2_F32};
    expectOk(ops().quantise(ops().context, &quantise));
    float most = 0;
    for (const float x : in) most = std::max(most, std::fabs(x));
    EXPECT_EQ(coded.scale.scale, scaleFor(most, type));
    for (int64_t n = 0; n < kN; ++n) {
      for (int64_t c = 0; c < kC; ++c) {
        const uint8_t code = coded.rows[static_cast<size_t>(n * kC + c)];
        expectNear(code, coded.scale.scale, type, in[static_cast<size_t>(n * kC + c)]);
        EXPECT_EQ(coded.columns[static_cast<size_t>(c * kN + n)], code);
      }
    }
  }
}

TEST(Fp8, SwigluGivesTheCodesOfItsResults) {
  constexpr int64_t kN = 16, kF = 48;
  const Buffer gateUp = normalBuffer(kN * 2 * kF, 1, Z2_BF16, 3);
  const Buffer dOut = normalBuffer(kN * kF, 2, Z2_BF16);
  const Buffer out(kN * kF, Z2_F32), dGateUp(kN * 2 * kF, Z2_F32);
  const Buffer wideGateUp(gateUp.get(), Z2_F32), wideDOut(dOut.get(), Z2_F32);
  const Z2SwigluBackward want = {.dGateUp = dGateUp.data(),
                                 .out = out.data(),
                                 .dOut = wideDOut.data(),
                                 .gateUp = wideGateUp.data(),
                                 .N = kN,
                                 .F = kF,
                                 .type = Z2_F32,
                                 .fused = 1,
                                 .codes = nullptr,
                                 .outCodes = nullptr};
  expectOk(ops().swigluBackward(ops().context, &want));

  Coded result(kN, kF), gradient(kN, 2 * kF);
  Z2Codes codes = result.both(Z2_E4M3);
  const Z2SwigluForward forward = {.out = nullptr,
                                   .gateUp = gateUp.data(),
                                   .N = kN,
                                   .F = kF,
                                   .type = Z2_BF16,
                                   .fused = 1,
                                   .codes = &codes};
  expectOk(ops().swigluForward(ops().context, &forward));
  const std::vector<uint8_t> first = result.columns;
  result.columns.assign(first.size(), 0);
  codes.codes = nullptr, codes.isKnown = 1;
  const Z2Codes gradientCodes = gradient.both(Z2_E5M2);
  const Z2SwigluBackward backward = {.dGateUp = nullptr,
                                     .out = nullptr,
                                     .dOut = dOut.data(),
                                     .gateUp = gateUp.data(),
                                     .N = kN,
                                     .F = kF,
                                     .type = Z2_BF16,
                                     .fused = 1,
                                     .codes = &gradientCodes,
                                     .outCodes = &codes};
  expectOk(ops().swigluBackward(ops().context, &backward));
  EXPECT_EQ(result.columns, first);
  for (size_t i = 0; i < result.rows.size(); ++i)
    expectNear(result.rows[i], result.scale.scale, Z2_E4M3, out.floats()[i]);
  for (size_t i = 0; i < gradient.rows.size(); ++i)
    expectNear(gradient.rows[i], gradient.scale.scale, Z2_E5M2, dGateUp.floats()[i]);
}

TEST(Fp8, NormsGiveCodesWithAScaleThatAlwaysFits) {
  constexpr int64_t kN = 16, kC = 64;
  // One row is as one-sided as a row can be.
  std::vector<double> values = normalBuffer(kN * kC, 1, Z2_BF16).get();
  for (size_t c = 0; c < kC; ++c) values[c] = c == 5 ? 1000 : 0;
  const Buffer residual(values, Z2_BF16), wide(values, Z2_F32);
  const Buffer weight = normalBuffer(kC, 2, Z2_BF16);
  const Buffer wideWeight(weight.get(), Z2_F32);
  const Buffer want(kN * kC, Z2_F32), rstd(kN);
  Z2RmsNormForward a = {.out = want.data(),
                        .rstd = rstd.floats(),
                        .residualOut = nullptr,
                        .residualIn = wide.data(),
                        .delta = nullptr,
                        .weight = wideWeight.data(),
                        .N = kN,
                        .C = kC,
                        .eps = 1e-5f,
                        .type = Z2_F32,
                        .residualType = Z2_F32,
                        .dropout = {},
                        .fused = 1,
                        .codes = nullptr};
  expectOk(ops().rmsNormForward(ops().context, &a));
  Coded coded(kN, kC);
  Z2Codes codes = coded.both(Z2_E4M3);
  codes.transposed = nullptr;
  a.out = nullptr, a.residualIn = residual.data(), a.weight = weight.data();
  a.type = a.residualType = Z2_BF16, a.codes = &codes;
  expectOk(ops().rmsNormForward(ops().context, &a));
  float most = 0;
  for (const double w : weight.get()) most = std::max(most, std::fabs(static_cast<float>(w)));
  EXPECT_EQ(coded.scale.scale, scaleFor(8 * most, Z2_E4M3));
  for (size_t i = 0; i < coded.rows.size(); ++i)
    expectNear(coded.rows[i], coded.scale.scale, Z2_E4M3, want.floats()[i]);
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
