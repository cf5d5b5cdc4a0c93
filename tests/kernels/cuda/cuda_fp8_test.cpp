// Quantisation and products of 8-bit floats on the GPU against the CPU's references. Needs a GPU.

#include <cmath>
#include <cstdint>
#include <random>
#include <string>
#include <tuple>
#include <vector>

#include <gtest/gtest.h>

#include "tests/kernels/cuda/twin_test.h"

namespace z2 {
namespace {

class CudaFp8 : public TwinTest {
 protected:
  CudaFp8() : TwinTest(8) {}

  // Codes of a tensor, both ways, with its magnitude and scale.
  struct Codes {
    TwinTensor amax, scale, rows, columns;
  };
  Codes quantised(const TwinTensor& in, int64_t N, int64_t C, Z2DType codeType) {
    Codes codes{TwinTensor::zeros(twins_, 1, Z2_F32), TwinTensor::poisoned(twins_, 1, Z2_F32),
                TwinTensor::poisoned(twins_, N * C / 4, Z2_F32),
                TwinTensor::poisoned(twins_, N * C / 4, Z2_F32)};
    onBoth([&](const Z2Ops& ops) {
      const Z2Amax p{codes.amax.as<float>(ops), in.on(ops), N * C, GetParam()};
      return ops.amax(ops.context, &p);
    });
    onBoth([&](const Z2Ops& ops) {
      const Z2Quantise p{codes.rows.on(ops),
                         codes.columns.on(ops),
                         codes.scale.as<float>(ops),
                         in.on(ops),
                         codes.amax.as<float>(ops),
                         N,
                         C,
                         GetParam(),
                         codeType};
      return ops.quantise(ops.context, &p);
    });
    return codes;
  }
  void expectSameBits(const TwinTensor& tensor) {
    EXPECT_TRUE(tensor.raw(*twins_.cpu) == tensor.raw(*twins_.gpu));
  }
};

INSTANTIATE_TEST_SUITE_P(Types, CudaFp8, testing::Values(Z2_BF16, Z2_F16), [](const auto& type) {
  return std::string(nameOf(static_cast<DType>(type.param)));
});

TEST_P(CudaFp8, QuantisesToTheSameCodes) {
  for (const auto& [N, C] :
       {std::pair<int64_t, int64_t>{16, 16}, {48, 272}, {128, 128}, {400, 1040}})
    for (const Z2DType codeType : {Z2_E4M3, Z2_E5M2})
      for (const float spread : {1.f, 1e-4f}) {
        SCOPED_TRACE(testing::Message() << N << " x " << C << ", code type " << codeType);
        const auto in = TwinTensor::random(twins_, N * C, GetParam(), spread, generator_);
        const Codes codes = quantised(in, N, C, codeType);
        expectSameBits(codes.amax);
        expectSameBits(codes.scale);
        expectSameBits(codes.rows);
        expectSameBits(codes.columns);
      }
}

TEST_P(CudaFp8, ZeroesAndNaNAreKept) {
  const auto zeros = TwinTensor::zeros(twins_, 16 * 32, GetParam());
  const Codes none = quantised(zeros, 16, 32, Z2_E4M3);
  expectSameBits(none.scale);
  expectSameBits(none.rows);
  const auto bad = TwinTensor::poisoned(twins_, 16 * 32, GetParam());
  const Codes all = quantised(bad, 16, 32, Z2_E4M3);
  EXPECT_TRUE(std::isnan(all.amax.values(*twins_.gpu)[0]));
  for (const uint8_t code : all.rows.raw(*twins_.gpu)) ASSERT_EQ(code & 0x7F, 0x7F);
}

TEST_P(CudaFp8, Matmul) {
  struct Case {
    int64_t M, N, K;
    Z2DType typeA;
    bool hasBias, addsInF32;
    int32_t fastSums;
  };
  for (const Case& c :
       {Case{16, 32, 64, Z2_E4M3, false, false, 1}, Case{272, 160, 1040, Z2_E4M3, true, false, 1},
        Case{128, 256, 512, Z2_E5M2, false, false, 0},
        Case{256, 128, 2048, Z2_E5M2, false, true, 1},
        Case{35, 64, 128, Z2_E4M3, false, false, 1}}) {
    SCOPED_TRACE(testing::Message() << c.M << " x " << c.N << " x " << c.K);
    const Z2DType outType = c.addsInF32 ? Z2_F32 : GetParam();
    const int64_t rows = (c.M + 15) / 16 * 16;  // of what is quantised
    const auto a = TwinTensor::random(twins_, rows * c.K, GetParam(), 1.f, generator_);
    const auto b = TwinTensor::random(twins_, c.N * c.K, GetParam(), 1e-2f, generator_);
    const auto bias = TwinTensor::random(twins_, c.N, GetParam(), 1.f, generator_);
    const auto out = TwinTensor::random(twins_, c.M * c.N, outType, 1.f, generator_);
    const Codes left = quantised(a, rows, c.K, c.typeA), right = quantised(b, c.N, c.K, Z2_E4M3);
    onBoth([&](const Z2Ops& ops) {
      const Z2MatmulFp8 p{out.on(ops),
                          left.rows.on(ops),
                          right.rows.on(ops),
                          left.scale.as<float>(ops),
                          right.scale.as<float>(ops),
                          c.hasBias ? bias.on(ops) : nullptr,
                          c.M,
                          c.N,
                          c.K,
                          c.addsInF32 ? 1.f : 0.f,
                          c.typeA,
                          Z2_E4M3,
                          outType,
                          c.fastSums};
      return ops.matmulFp8(ops.context, &p);
    });
    // The tensor cores' own sums keep about 14 bits.
    EXPECT_LE(distance(twins_, out), GetParam() == Z2_BF16 ? 4e-3 : 2e-3);
  }
}

}  // namespace
}  // namespace z2
