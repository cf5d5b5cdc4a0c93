// Every operation of the CUDA plug-in against the CPU's table, which the other tests of this folder
// hold against LibTorch. Needs a GPU: `packaging/test --gpu`.

#include <cmath>
#include <cstdint>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "tests/kernels/cuda/twin_test.h"

namespace z2 {
namespace {

class CudaParity : public TwinTest {
 protected:
  CudaParity() : TwinTest(20261124) {}

  std::vector<int32_t> randomInts(int64_t n, int32_t below) {
    std::vector<int32_t> values(static_cast<size_t>(n));
    for (int32_t& value : values)
      value = static_cast<int32_t>(generator_() % static_cast<uint32_t>(below));
    return values;
  }

  void expectNear(const TwinTensor& tensor, double f32 = 2e-6, double half = 6e-3) {
    EXPECT_LE(distance(twins_, tensor), GetParam() == Z2_F32 ? f32 : half);
  }
};

INSTANTIATE_TEST_SUITE_P(Types, CudaParity, testing::Values(Z2_F32, Z2_BF16, Z2_F16),
                         [](const auto& type) {
                           return std::string(nameOf(static_cast<DType>(type.param)));
                         });

TEST_P(CudaParity, Elementwise) {
  for (const int64_t n : {1, 7, 1031, 65536}) {
    const auto a = random(n, GetParam()), b = random(n, GetParam());
    const auto sum = poisoned(n, GetParam()), wide = poisoned(n, Z2_F32);
    const auto dropped = poisoned(n, GetParam());
    const Z2Dropout dropout{0.3f, 7, 99};
    onBoth([&](const Z2Ops& ops) {
      const Z2Add add{sum.on(ops), a.on(ops), b.on(ops), n, GetParam(), GetParam(), dropout};
      return ops.add(ops.context, &add);
    });
    onBoth([&](const Z2Ops& ops) {
      const Z2Convert convert{wide.on(ops), a.on(ops), n, Z2_F32, GetParam()};
      return ops.convert(ops.context, &convert);
    });
    onBoth([&](const Z2Ops& ops) {
      const Z2DropoutApply apply{dropped.on(ops), a.on(ops), n, GetParam(), GetParam(), dropout};
      return ops.dropout(ops.context, &apply);
    });
    expectNear(sum);
    expectNear(wide);
    expectNear(dropped);
  }
}

TEST_P(CudaParity, RmsNorm) {
  struct Case {
    int64_t N, C;
    bool adds, residualF32;
    float probability;
    int32_t fused;
  };
  for (const Case& c : {Case{1, 1, false, false, 0.f, 1}, Case{3, 7, true, false, 0.f, 1},
                        Case{5, 320, true, true, 0.2f, 1}, Case{257, 768, true, false, 0.1f, 1},
                        Case{64, 2048, true, true, 0.f, 1}, Case{33, 4098, false, true, 0.f, 1},
                        Case{257, 768, true, false, 0.1f, 0}, Case{64, 2048, true, true, 0.f, 0}}) {
    const Z2DType type = GetParam(), residualType = c.residualF32 ? Z2_F32 : type;
    const int64_t n = c.N * c.C;
    const Z2Dropout dropout{c.probability, 3, 11};
    const auto in = random(n, residualType), delta = random(n, type), weight = random(c.C, type);
    const auto out = poisoned(n, type), residual = poisoned(n, residualType);
    const auto rstd = poisoned(c.N, Z2_F32);
    onBoth([&](const Z2Ops& ops) {
      const Z2RmsNormForward p{out.on(ops),
                               rstd.as<float>(ops),
                               c.adds ? residual.on(ops) : nullptr,
                               in.on(ops),
                               c.adds ? delta.on(ops) : nullptr,
                               weight.on(ops),
                               c.N,
                               c.C,
                               1e-5f,
                               type,
                               residualType,
                               dropout,
                               c.fused,
                               nullptr};
      return ops.rmsNormForward(ops.context, &p);
    });
    expectNear(out);
    expectNear(rstd);
    if (c.adds) expectNear(residual);

    const auto dOut = random(n, type), dResidual = random(n, residualType);
    const auto dDelta = poisoned(n, type), dWeight = random(c.C, Z2_F32);
    const auto again = poisoned(n, type);
    const auto scratch = workspace(need(
        [&](const Z2Ops& ops) { return ops.rmsNormBackwardWorkspace(ops.context, c.N, c.C); }));
    onBoth([&](const Z2Ops& ops) {
      const Z2RmsNormBackward p{dResidual.on(ops),
                                dDelta.on(ops),
                                dWeight.as<float>(ops),
                                dOut.on(ops),
                                c.adds ? residual.on(ops) : in.on(ops),
                                weight.on(ops),
                                rstd.as<float>(ops),
                                c.N,
                                c.C,
                                type,
                                residualType,
                                dropout,
                                1,
                                c.fused,
                                scratch.on(ops),
                                again.on(ops),
                                nullptr};
      return ops.rmsNormBackward(ops.context, &p);
    });
    expectNear(dResidual);
    expectNear(dDelta);
    expectNear(dWeight);
    EXPECT_TRUE(out.raw(*twins_.gpu) == again.raw(*twins_.gpu));
  }
}

TEST_P(CudaParity, Rope) {
  struct Case {
    int64_t N, Hq, Hkv, D;
    bool hasBias;
  };
  for (const Case& c : {Case{1, 1, 1, 2, false}, Case{37, 5, 5, 64, true},
                        Case{128, 8, 2, 128, false}, Case{19, 3, 1, 6, true}}) {
    const int64_t width = (c.Hq + 2 * c.Hkv) * c.D, P = 300;
    const auto qkv = random(c.N * width, GetParam()), bias = random(width, GetParam());
    const auto cosine = random(P * c.D / 2, Z2_F32), sine = random(P * c.D / 2, Z2_F32);
    const auto positions = ints(randomInts(c.N, static_cast<int32_t>(P)));
    for (const auto& [inverse, fused] :
         {std::pair<int32_t, int32_t>{0, 1}, {1, 1}, {0, 0}, {1, 0}}) {
      onBoth([&](const Z2Ops& ops) {
        const Z2Rope p{qkv.on(ops),
                       c.hasBias && !inverse ? bias.on(ops) : nullptr,
                       cosine.as<float>(ops),
                       sine.as<float>(ops),
                       positions.as<int32_t>(ops),
                       c.N,
                       c.Hq,
                       c.Hkv,
                       c.D,
                       P,
                       GetParam(),
                       inverse,
                       fused};
        return ops.rope(ops.context, &p);
      });
      expectNear(qkv);
    }
  }
}

TEST_P(CudaParity, Swiglu) {
  for (const auto& [N, F, fused] : {std::tuple<int64_t, int64_t, int32_t>{1, 1, 1},
                                    {17, 33, 1},
                                    {130, 864, 1},
                                    {64, 5632, 1},
                                    {17, 33, 0},
                                    {64, 5632, 0}}) {
    const auto gateUp = random(N * 2 * F, GetParam(), 2.f), dOut = random(N * F, GetParam());
    const auto out = poisoned(N * F, GetParam()), again = poisoned(N * F, GetParam());
    const auto dGateUp = poisoned(N * 2 * F, GetParam());
    onBoth([&](const Z2Ops& ops) {
      const Z2SwigluForward p{out.on(ops), gateUp.on(ops), N, F, GetParam(), fused, nullptr};
      return ops.swigluForward(ops.context, &p);
    });
    onBoth([&](const Z2Ops& ops) {
      const Z2SwigluBackward p{dGateUp.on(ops), again.on(ops), dOut.on(ops), gateUp.on(ops), N, F,
                               GetParam(),      fused,         nullptr,      nullptr};
      return ops.swigluBackward(ops.context, &p);
    });
    // Without fusing results are rounded twice.
    expectNear(out, 2e-6, 1e-2);
    expectNear(again, 2e-6, 1e-2);
    expectNear(dGateUp);
    EXPECT_TRUE(out.raw(*twins_.gpu) == again.raw(*twins_.gpu));
  }
}

TEST_P(CudaParity, Embedding) {
  for (const auto& [N, C, V] : {std::array<int64_t, 3>{1, 1, 1},
                                {1000, 320, 50},
                                {333, 66, 8000},
                                {997, 64, 3},
                                {97, 2056, 1}}) {
    const auto table = random(V * C, GetParam()), dOut = random(N * C, GetParam());
    const auto tokens = ints(randomInts(N, static_cast<int32_t>(V)));
    const auto out = poisoned(N * C, GetParam()), dTable = random(V * C, Z2_F32);
    onBoth([&](const Z2Ops& ops) {
      const Z2EmbeddingForward p{out.on(ops), table.on(ops), tokens.as<int32_t>(ops), N, C, V,
                                 GetParam(),  GetParam()};
      return ops.embeddingForward(ops.context, &p);
    });
    EXPECT_TRUE(out.raw(*twins_.cpu) == out.raw(*twins_.gpu));
    const auto scratch = workspace(
        need([&](const Z2Ops& ops) { return ops.embeddingBackwardWorkspace(ops.context, N, C); }));
    onBoth([&](const Z2Ops& ops) {
      const Z2EmbeddingBackward p{
          dTable.as<float>(ops), dOut.on(ops), tokens.as<int32_t>(ops), N, C, V, GetParam(),
          scratch.on(ops)};
      return ops.embeddingBackward(ops.context, &p);
    });
    expectNear(dTable, 2e-6, 2e-6);
  }
}

TEST_P(CudaParity, Matmul) {
  struct Case {
    int64_t M, N, K;
    int32_t transposeA, transposeB;
    float beta;
    bool hasBias, outF32;
  };
  // The last three are large enough for the fastest algorithm to be searched for.
  for (const Case& c :
       {Case{8, 16, 8, 0, 1, 0.f, false, false}, Case{130, 72, 96, 0, 1, 0.f, true, false},
        Case{256, 320, 864, 0, 0, 0.f, false, false}, Case{320, 864, 512, 1, 0, 1.f, false, true},
        Case{33, 17, 9, 0, 1, 0.f, false, true}, Case{2048, 1024, 1024, 0, 1, 0.f, false, false},
        Case{2048, 1024, 1024, 0, 0, 0.f, false, false},
        Case{1024, 1024, 2048, 1, 0, 1.f, false, true}}) {
    const Z2DType type = GetParam(), outType = c.outF32 ? Z2_F32 : type;
    const auto a = random(c.M * c.K, type), b = random(c.K * c.N, type), bias = random(c.N, type);
    const auto out = c.beta == 0.f ? poisoned(c.M * c.N, outType) : random(c.M * c.N, outType);
    onBoth([&](const Z2Ops& ops) {
      const Z2Matmul p{out.on(ops),  a.on(ops), b.on(ops), c.hasBias ? bias.on(ops) : nullptr,
                       c.M,          c.N,       c.K,       c.transposeA,
                       c.transposeB, c.beta,    type,      outType};
      return ops.matmul(ops.context, &p);
    });
    expectNear(out, 2e-6, 6e-3);
  }
}

TEST_P(CudaParity, BiasBackward) {
  for (const auto& [M, N] : {std::pair<int64_t, int64_t>{1, 1}, {1000, 96}, {77, 3001}}) {
    const auto dOut = random(M * N, GetParam()), dBias = random(N, Z2_F32);
    const auto scratch = workspace(
        need([&](const Z2Ops& ops) { return ops.biasBackwardWorkspace(ops.context, M, N); }));
    onBoth([&](const Z2Ops& ops) {
      const Z2BiasBackward p{dBias.as<float>(ops), dOut.on(ops), M, N, GetParam(), scratch.on(ops)};
      return ops.biasBackward(ops.context, &p);
    });
    expectNear(dBias, 2e-6, 2e-6);
  }
}

TEST_P(CudaParity, CrossEntropy) {
  for (const auto& [N, V, fused] : {std::tuple<int64_t, int64_t, int32_t>{1, 2, 1},
                                    {50, 8000, 1},
                                    {9, 50257, 1},
                                    {50, 8000, 0}}) {
    const auto logits = random(N * V, GetParam(), 3.f);
    const auto loss = poisoned(N, Z2_F32), logProb = poisoned(N, Z2_F32);
    std::vector<int32_t> targets = randomInts(N, static_cast<int32_t>(V));
    if (N > 3) targets[2] = -1;
    const auto target = ints(targets);
    const auto weights = random(N, Z2_F32);
    const auto scratch = workspace(
        need([&](const Z2Ops& ops) { return ops.crossEntropyWorkspace(ops.context, N, V); }));
    onBoth([&](const Z2Ops& ops) {
      const Z2CrossEntropy p{logits.on(ops),
                             loss.as<float>(ops),
                             logProb.as<float>(ops),
                             target.as<int32_t>(ops),
                             N,
                             V,
                             1.f / 64,
                             GetParam(),
                             1,
                             fused,
                             scratch.on(ops),
                             weights.as<float>(ops)};
      return ops.crossEntropy(ops.context, &p);
    });
    expectNear(loss, 2e-6, 2e-6);
    expectNear(logProb, 2e-6, 2e-6);
    expectNear(logits);
  }
}

TEST_P(CudaParity, CopyBlock) {
  for (const int32_t accumulate : {0, 1}) {
    const int64_t M = 301, N = 24;
    const auto in = random(M * 40, GetParam()), out = random(M * 64, Z2_F32);
    const auto back = random(M * 40, GetParam());
    onBoth([&](const Z2Ops& ops) {
      const Z2CopyBlock p{
          out.as<float>(ops) + 17, in.on(ops), M, N, 64, 40, 0.75f, accumulate, Z2_F32, GetParam()};
      return ops.copyBlock(ops.context, &p);
    });
    expectNear(out, 1e-6, 1e-6);
    onBoth([&](const Z2Ops& ops) {
      const Z2CopyBlock p{
          back.on(ops), out.as<float>(ops) + 3, M, N, 40, 64, 2.f, accumulate, GetParam(), Z2_F32};
      return ops.copyBlock(ops.context, &p);
    });
    expectNear(back);
  }
}

TEST_P(CudaParity, Attention) {
  struct Case {
    int64_t B, T, Hq, Hkv, D;
    int64_t document;  // its length; 0: the rows have none
    float probability;
  };
  for (const Case& c : {Case{1, 1, 1, 1, 2, 0, 0.f}, Case{2, 33, 4, 2, 64, 0, 0.f},
                        Case{1, 100, 6, 1, 128, 30, 0.f}, Case{2, 257, 2, 2, 80, 30, 0.2f},
                        Case{1, 65, 2, 1, 256, 0, 0.f}, Case{2, 300, 4, 2, 64, 0, 0.f},
                        Case{1, 513, 3, 3, 64, 0, 0.f}, Case{2, 384, 4, 4, 128, 0, 0.f},
                        Case{1, 701, 8, 2, 128, 0, 0.f}, Case{2, 300, 4, 2, 64, 30, 0.f},
                        Case{1, 1000, 2, 1, 64, 333, 0.f}, Case{2, 701, 4, 2, 128, 129, 0.f},
                        Case{1, 1024, 2, 2, 128, 500, 0.f}}) {
    const int64_t rows = c.B * c.T, width = (c.Hq + 2 * c.Hkv) * c.D;
    const auto qkv = random(rows * width, GetParam()), dOut = random(rows * c.Hq * c.D, GetParam());
    const auto out = poisoned(rows * c.Hq * c.D, GetParam());
    const auto lse = poisoned(rows * c.Hq, Z2_F32), dQkv = poisoned(rows * width, GetParam());
    std::vector<int32_t> starts(static_cast<size_t>(rows));
    for (int64_t i = 0; i < rows; ++i) {
      const int64_t length = std::max<int64_t>(c.document, 1);
      starts[i] = static_cast<int32_t>(i % c.T / length * length);
    }
    const auto documentStart = ints(starts);
    const Z2Dropout dropout{c.probability, 5, 17};
    const float scale = 1.f / std::sqrt(static_cast<float>(c.D));
    const auto cosine = random(c.T * c.D / 2, Z2_F32), sine = random(c.T * c.D / 2, Z2_F32);
    std::vector<int32_t> places(static_cast<size_t>(rows));
    for (int64_t i = 0; i < rows; ++i) places[i] = static_cast<int32_t>(i % c.T);
    const auto positions = ints(places);
    const auto inverse = [&](const Z2Ops& ops) {
      return Z2Rope{dQkv.on(ops),
                    nullptr,
                    cosine.as<float>(ops),
                    sine.as<float>(ops),
                    positions.as<int32_t>(ops),
                    rows,
                    c.Hq,
                    c.Hkv,
                    c.D,
                    c.T,
                    GetParam(),
                    1,
                    1};
    };
    const auto backward = [&](const Z2Ops& ops, void* scratch) {
      return Z2AttentionBackward{dQkv.on(ops),
                                 dOut.on(ops),
                                 out.on(ops),
                                 lse.as<float>(ops),
                                 qkv.on(ops),
                                 c.document > 0 ? documentStart.as<int32_t>(ops) : nullptr,
                                 c.B,
                                 c.T,
                                 c.Hq,
                                 c.Hkv,
                                 c.D,
                                 scale,
                                 GetParam(),
                                 dropout,
                                 1,
                                 scratch,
                                 nullptr};
    };
    const auto scratch = workspace(need([&](const Z2Ops& ops) {
      const Z2AttentionBackward shape = backward(ops, nullptr);
      return ops.attentionWorkspace(ops.context, &shape);
    }));
    onBoth([&](const Z2Ops& ops) {
      const Z2AttentionForward p{
          out.on(ops), lse.as<float>(ops),
          qkv.on(ops), c.document > 0 ? documentStart.as<int32_t>(ops) : nullptr,
          c.B,         c.T,
          c.Hq,        c.Hkv,
          c.D,         scale,
          GetParam(),  dropout,
          1,           scratch.on(ops)};
      return ops.attentionForward(ops.context, &p);
    });
    expectNear(out, 5e-6);
    expectNear(lse, 5e-6, 1e-4);
    for (const bool rotates : {false, true}) {
      std::vector<uint8_t> before;
      for (int run = 0; run < 2; ++run) {
        onBoth([&](const Z2Ops& ops) {
          Z2AttentionBackward p = backward(ops, scratch.on(ops));
          const Z2Rope rope = inverse(ops);
          if (rotates) p.rope = &rope;
          return ops.attentionBackward(ops.context, &p);
        });
        if (run == 1) {
          EXPECT_TRUE(before == dQkv.raw(*twins_.gpu));
        }
        before = dQkv.raw(*twins_.gpu);
      }
      SCOPED_TRACE(testing::Message() << "T " << c.T << " D " << c.D << " rotates " << rotates);
      expectNear(dQkv, 5e-6, 1e-2);
    }
  }
}

TEST_P(CudaParity, AttentionCached) {
  const int64_t B = 3, T = 2, Hq = 4, Hkv = 2, D = 64, capacity = 90;
  const int64_t stride = (Hq + 2 * Hkv) * D;
  const auto q = random(B * T * stride, GetParam());
  const auto keys = random(B * capacity * Hkv * D, GetParam());
  const auto values = random(B * capacity * Hkv * D, GetParam());
  const auto out = poisoned(B * T * Hq * D, GetParam());
  const std::vector<int32_t> length = {2, 41, 90};
  onBoth([&](const Z2Ops& ops) {
    const Z2AttentionCached p{
        out.on(ops), q.on(ops), keys.on(ops), values.on(ops), length.data(), B,         T, Hq,
        Hkv,         D,         capacity,     stride,         0.125f,        GetParam()};
    return ops.attentionCached(ops.context, &p);
  });
  expectNear(out, 5e-6);
}

TEST_P(CudaParity, AdamW) {
  for (const auto& [n, fused] :
       {std::pair<int64_t, int32_t>{1, 1}, {1027, 1}, {65536, 1}, {1027, 0}}) {
    const auto master = random(n, Z2_F32), m = random(n, Z2_F32, 1e-3f), grad = random(n, Z2_F32);
    const auto v = TwinTensor::zeros(twins_, n, Z2_F32);
    const auto weights = poisoned(n, GetParam());
    const auto norm = TwinTensor::zeros(twins_, 2, Z2_F32);
    const auto scratch =
        workspace(need([&](const Z2Ops& ops) { return ops.squaredNormWorkspace(ops.context, n); }));
    onBoth([&](const Z2Ops& ops) {
      const Z2SquaredNorm p{norm.as<double>(ops), grad.as<float>(ops), n, 0, scratch.on(ops)};
      return ops.squaredNorm(ops.context, &p);
    });
    onBoth([&](const Z2Ops& ops) {
      const Z2AdamW p{master.as<float>(ops),
                      m.as<float>(ops),
                      v.as<float>(ops),
                      grad.as<float>(ops),
                      weights.on(ops),
                      norm.as<double>(ops),
                      n,
                      1e-2f,
                      0.9f,
                      0.95f,
                      1e-8f,
                      0.1f,
                      0.5f,
                      1.f,
                      3,
                      GetParam(),
                      1,
                      fused};
      return ops.adamw(ops.context, &p);
    });
    for (const TwinTensor* tensor : {&master, &m, &v, &grad})
      EXPECT_LE(distance(twins_, *tensor), 2e-6);
    expectNear(weights);
  }
}

}  // namespace
}  // namespace z2
