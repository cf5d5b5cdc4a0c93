// Quantisation and products of 8-bit floats on the GPU against the CPU's references. Needs a GPU.

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <random>
#include <string>
#include <tuple>
#include <vector>

#include <gtest/gtest.h>

#include "kernels/cpu/fp8.h"
#include "tests/kernels/cuda/twin_test.h"

namespace z2 {
namespace {

class CudaFp8 : public TwinTest {
 protected:
  CudaFp8() : TwinTest(8) {}

  // Codes of a result [N, C], both ways, and their scale.
  struct Codes {
    Z2DType type;
    TwinTensor scale, rows, columns;

    [[nodiscard]] Z2Codes on(const Z2Ops& ops) const {
      return {.codes = rows.on(ops),
              .transposed = columns.on(ops),
              .scale = static_cast<Z2Scale*>(scale.on(ops)),
              .type = type,
              .isKnown = 0};
    }
    [[nodiscard]] Z2Codes rowsOn(const Z2Ops& ops) const {
      Z2Codes codes = on(ops);
      codes.transposed = nullptr;
      return codes;
    }
    // The same result again, transposed alone.
    [[nodiscard]] Z2Codes againOn(const Z2Ops& ops) const {
      Z2Codes codes = on(ops);
      codes.codes = nullptr, codes.isKnown = 1;
      return codes;
    }
  };
  Codes codesFor(int64_t N, int64_t C, Z2DType type) {
    return {type, TwinTensor::zeros(twins_, sizeof(Z2Scale) / 4, Z2_F32),
            TwinTensor::poisoned(twins_, N * C / 4, Z2_F32),
            TwinTensor::poisoned(twins_, N * C / 4, Z2_F32)};
  }
  void quantise(const TwinTensor& in, int64_t N, int64_t C, const Codes& codes) {
    onBoth([&](const Z2Ops& ops) {
      const Z2Quantise p{codes.on(ops), in.on(ops), N, C, GetParam()};
      return ops.quantise(ops.context, &p);
    });
  }
  Codes quantised(const TwinTensor& in, int64_t N, int64_t C, Z2DType codeType) {
    Codes codes = codesFor(N, C, codeType);
    quantise(in, N, C, codes);
    return codes;
  }
  void expectSameBits(const TwinTensor& tensor) {
    EXPECT_TRUE(tensor.raw(*twins_.cpu) == tensor.raw(*twins_.gpu));
  }
  void expectSameScale(const Codes& codes) {
    EXPECT_EQ(codes.scale.values(*twins_.cpu)[0], codes.scale.values(*twins_.gpu)[0]);
  }
  void expectSameCodes(const Codes& codes) {
    expectSameScale(codes);
    expectSameBits(codes.rows);
    expectSameBits(codes.columns);
  }
  // What is computed differs in its last bits, so a few codes are neighbours of each other.
  void expectNeighbours(const TwinTensor& tensor, Z2DType type) {
    const auto cpu = tensor.raw(*twins_.cpu), gpu = tensor.raw(*twins_.gpu);
    ASSERT_EQ(cpu.size(), gpu.size());
    size_t differing = 0;
    for (size_t i = 0; i < cpu.size(); ++i) {
      if (cpu[i] == gpu[i]) continue;
      ++differing;
      const float a = decodeFp8(cpu[i], type), b = decodeFp8(gpu[i], type);
      const float step = std::ldexp(1.0f, 1 - formatOf(type).bias - formatOf(type).mantissaBits);
      ASSERT_LE(std::fabs(a - b),
                std::max(step, std::ldexp(std::fabs(a), -formatOf(type).mantissaBits)));
    }
    EXPECT_LE(differing, cpu.size() / 100);
  }
  // The GPU's codes transposed are those of its rows.
  void expectTransposed(const TwinTensor& rows, const TwinTensor& columns, int64_t N, int64_t C) {
    const auto as = rows.raw(*twins_.gpu), turned = columns.raw(*twins_.gpu);
    for (int64_t n = 0; n < N; ++n)
      for (int64_t c = 0; c < C; ++c)
        ASSERT_EQ(as[static_cast<size_t>(n * C + c)], turned[static_cast<size_t>(c * N + n)])
            << n << ", " << c;
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
        expectSameCodes(codes);
        // A scale that another tensor had changes nothing, neither a smaller nor a greater one.
        for (const float other : {1e-3f, 1e3f}) {
          quantise(TwinTensor::random(twins_, N * C, GetParam(), other, generator_), N, C, codes);
          quantise(in, N, C, codes);
          expectSameCodes(codes);
        }
      }
}

TEST_P(CudaFp8, ZeroesAndNaNAreKept) {
  constexpr int64_t kN = 16, kC = 32;
  const auto zeros = TwinTensor::zeros(twins_, kN * kC, GetParam());
  const Codes none = quantised(zeros, kN, kC, Z2_E4M3);
  EXPECT_EQ(none.scale.values(*twins_.gpu)[0], 1.0);
  expectSameCodes(none);
  const auto bad = TwinTensor::poisoned(twins_, kN * kC, GetParam());
  const Codes all = quantised(bad, kN, kC, Z2_E4M3);
  EXPECT_TRUE(std::isnan(all.scale.values(*twins_.gpu)[0]));
  for (const uint8_t code : all.rows.raw(*twins_.gpu)) ASSERT_EQ(code & 0x7F, 0x7F);
  quantise(zeros, kN, kC, all);
  expectSameCodes(all);
}

TEST_P(CudaFp8, Swiglu) {
  for (const auto& [N, F] : {std::pair<int64_t, int64_t>{16, 16}, {48, 272}, {400, 1040}})
    for (const Z2DType codeType : {Z2_E5M2, Z2_E4M3}) {
      SCOPED_TRACE(testing::Message() << N << " x " << F);
      const auto gateUp = random(N * 2 * F, GetParam(), 2.f), dOut = random(N * F, GetParam());
      const Codes out = codesFor(N, F, Z2_E4M3), gradient = codesFor(N, 2 * F, codeType);
      onBoth([&](const Z2Ops& ops) {
        const Z2Codes codes = out.rowsOn(ops);
        const Z2SwigluForward p{nullptr, gateUp.on(ops), N, F, GetParam(), 1, &codes};
        return ops.swigluForward(ops.context, &p);
      });
      onBoth([&](const Z2Ops& ops) {
        const Z2Codes codes = gradient.on(ops), again = out.againOn(ops);
        const Z2SwigluBackward p{nullptr,    nullptr, dOut.on(ops), gateUp.on(ops), N, F,
                                 GetParam(), 1,       &codes,       &again};
        return ops.swigluBackward(ops.context, &p);
      });
      for (const Codes* codes : {&out, &gradient}) {
        expectSameScale(*codes);
        expectNeighbours(codes->rows, codes->type);
        expectNeighbours(codes->columns, codes->type);
      }
      expectTransposed(out.rows, out.columns, N, F);
      expectTransposed(gradient.rows, gradient.columns, N, 2 * F);
    }
}

TEST_P(CudaFp8, RmsNorm) {
  for (const auto& [N, C] : {std::pair<int64_t, int64_t>{16, 16}, {48, 768}, {400, 2064}})
    for (const Z2DType residualType : {GetParam(), Z2DType{Z2_F32}}) {
      SCOPED_TRACE(testing::Message() << N << " x " << C << ", residual " << residualType);
      const auto in = random(N * C, residualType), delta = random(N * C, GetParam());
      const auto weight = random(C, GetParam()), dOut = random(N * C, GetParam());
      const auto residual = poisoned(N * C, residualType), rstd = poisoned(N, Z2_F32);
      const auto dResidual = poisoned(N * C, residualType);
      const auto dWeight = TwinTensor::zeros(twins_, C, Z2_F32);
      const Codes out = codesFor(N, C, Z2_E4M3);
      onBoth([&](const Z2Ops& ops) {
        const Z2Codes codes = out.rowsOn(ops);
        const Z2RmsNormForward p{nullptr,
                                 rstd.as<float>(ops),
                                 residual.on(ops),
                                 in.on(ops),
                                 delta.on(ops),
                                 weight.on(ops),
                                 N,
                                 C,
                                 1e-5f,
                                 GetParam(),
                                 residualType,
                                 Z2Dropout{},
                                 1,
                                 &codes};
        return ops.rmsNormForward(ops.context, &p);
      });
      const auto scratch = workspace(
          need([&](const Z2Ops& ops) { return ops.rmsNormBackwardWorkspace(ops.context, N, C); }));
      onBoth([&](const Z2Ops& ops) {
        const Z2Codes again = out.againOn(ops);
        const Z2RmsNormBackward p{dResidual.on(ops),
                                  nullptr,
                                  dWeight.as<float>(ops),
                                  dOut.on(ops),
                                  residual.on(ops),
                                  weight.on(ops),
                                  rstd.as<float>(ops),
                                  N,
                                  C,
                                  GetParam(),
                                  residualType,
                                  Z2Dropout{},
                                  0,
                                  1,
                                  scratch.on(ops),
                                  nullptr,
                                  &again};
        return ops.rmsNormBackward(ops.context, &p);
      });
      expectSameScale(out);
      expectNeighbours(out.rows, Z2_E4M3);
      expectTransposed(out.rows, out.columns, N, C);
      EXPECT_LE(distance(twins_, dResidual), 1e-2);
    }
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
        Case{256, 128, 2048, Z2_E5M2, false, true, 1}, Case{35, 64, 128, Z2_E4M3, false, false, 1},
        Case{2048, 1024, 1024, Z2_E5M2, false, true, 1}}) {
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
