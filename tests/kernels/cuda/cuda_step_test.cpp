// The operations of generation's step on the GPU against the CPU's table. Needs a GPU.

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/kernels/cuda/twin_test.h"

namespace z2 {
namespace {

class CudaStep : public TwinTest {
 protected:
  CudaStep() : TwinTest(20261130) {}

  TwinTensor cleared(size_t bytes) {
    return TwinTensor::zeros(twins_, static_cast<int64_t>(bytes / 4 + 64), Z2_F32);
  }
};

INSTANTIATE_TEST_SUITE_P(Types, CudaStep, testing::Values(Z2_F32, Z2_BF16, Z2_F16),
                         [](const auto& type) {
                           return std::string(nameOf(static_cast<DType>(type.param)));
                         });

struct LinearCase {
  int64_t M, N, K;
  bool isNormed, hasBias, isGated, accumulates;
  bool outF32 = false, xF32 = false;
};

TEST_P(CudaStep, RowLinear) {
  for (const LinearCase& c : {LinearCase{1, 3072, 2048, true, true, false, false},
                              LinearCase{1, 2048, 2048, false, false, false, true},
                              LinearCase{1, 11264, 2048, true, false, true, false},
                              LinearCase{1, 2048, 5632, false, true, false, true, true},
                              LinearCase{1, 8009, 768, true, false, false, false, true},
                              LinearCase{1, 2, 8, true, true, true, false},
                              LinearCase{3, 1536, 768, true, false, true, false},
                              LinearCase{4, 320, 864, false, false, false, true},
                              LinearCase{8, 2304, 768, true, true, false, false, false, true},
                              LinearCase{7, 100, 2056, true, false, false, false, true},
                              LinearCase{9, 640, 320, true, false, true, false},
                              LinearCase{2, 33, 17, true, false, false, false}}) {
    SCOPED_TRACE(testing::Message() << c.M << "x" << c.N << "x" << c.K);
    const Z2DType type = GetParam(), xType = c.xF32 ? Z2_F32 : type;
    const Z2DType outType = c.outF32 ? Z2_F32 : type;
    const int64_t width = c.isGated ? c.N / 2 : c.N;
    const auto x = random(c.M * c.K, xType), weight = random(c.N * c.K, type, 0.05f);
    const auto bias = random(c.N, type), norm = random(c.K, type);
    const auto out = c.accumulates ? random(c.M * width, outType) : poisoned(c.M * width, outType);
    const auto arguments = [&](const Z2Ops& ops, void* workspace) {
      return Z2RowLinear{.out = out.on(ops),
                         .x = x.on(ops),
                         .weight = weight.on(ops),
                         .bias = c.hasBias ? bias.on(ops) : nullptr,
                         .normWeight = c.isNormed ? norm.on(ops) : nullptr,
                         .M = c.M,
                         .N = c.N,
                         .K = c.K,
                         .eps = 1e-5f,
                         .swiglu = c.isGated,
                         .accumulate = c.accumulates,
                         .type = type,
                         .xType = xType,
                         .outType = outType,
                         .workspace = workspace};
    };
    size_t bytes = 0;
    for (const Z2Ops* ops : {twins_.cpu, twins_.gpu}) {
      const Z2RowLinear shape = arguments(*ops, nullptr);
      bytes = std::max(bytes, ops->rowLinearWorkspace(ops->context, &shape));
    }
    const auto workspace = cleared(bytes);
    onBoth([&](const Z2Ops& ops) {
      const Z2RowLinear p = arguments(ops, workspace.on(ops));
      return ops.rowLinear(ops.context, &p);
    });
    EXPECT_LE(distance(twins_, out), type == Z2_F32 ? 3e-6 : 1e-2);
  }
}

TEST_P(CudaStep, ARowHasTheBitsOfItselfAlone) {
  if (twins_.gpu == nullptr) return;
  const int64_t most = 8, N = 1024, K = 2048;
  const auto x = random(most * K, GetParam()), weight = random(N * K, GetParam(), 0.05f);
  const auto norm = random(K, GetParam());
  const auto all = poisoned(most * N, GetParam()), one = poisoned(N, GetParam());
  const Z2Ops& ops = *twins_.gpu;
  const int64_t element = GetParam() == Z2_F32 ? 4 : 2;
  const auto run = [&](const TwinTensor& out, int64_t rows, int64_t first, bool isNormed) {
    const Z2RowLinear p{.out = out.on(ops),
                        .x = x.as<char>(ops) + first * K * element,
                        .weight = weight.on(ops),
                        .bias = nullptr,
                        .normWeight = isNormed ? norm.on(ops) : nullptr,
                        .M = rows,
                        .N = N,
                        .K = K,
                        .eps = 1e-5f,
                        .swiglu = 0,
                        .accumulate = 0,
                        .type = GetParam(),
                        .xType = GetParam(),
                        .outType = GetParam(),
                        .workspace = nullptr};
    ASSERT_EQ(ops.rowLinear(ops.context, &p), Z2_OK) << ops.lastError(ops.context);
  };
  for (const bool isNormed : {false, true}) {
    for (const int64_t rows : {2, 5, 8}) {
      const int64_t row = rows / 2;
      run(all, rows, 0, isNormed);
      run(one, 1, row, isNormed);
      const auto whole = all.raw(ops), alone = one.raw(ops);
      const auto size = static_cast<std::ptrdiff_t>(N * element);
      EXPECT_TRUE(std::equal(alone.begin(), alone.begin() + size, whole.begin() + row * size))
          << rows << " rows, with a norm: " << isNormed;
    }
  }
}

struct StepCase {
  int64_t Hq, Hkv, D, capacity;
};

TEST_P(CudaStep, Attention) {
  for (const StepCase& c :
       {StepCase{32, 8, 64, 700}, StepCase{4, 2, 128, 300}, StepCase{3, 3, 64, 65},
        StepCase{6, 1, 96, 200}, StepCase{2, 1, 6, 130}, StepCase{4, 2, 256, 100},
        StepCase{14, 2, 64, 64}, StepCase{8, 2, 64, 3000}}) {
    SCOPED_TRACE(testing::Message() << "D " << c.D << " heads " << c.Hq << "/" << c.Hkv);
    const int64_t B = 4, packed = (c.Hq + 2 * c.Hkv) * c.D, cache = c.capacity * c.Hkv * c.D;
    const Z2DType type = GetParam();
    const auto keys = random(B * cache, type), values = random(B * cache, type);
    const auto cosine = random(c.capacity * c.D / 2, Z2_F32);
    const auto sine = random(c.capacity * c.D / 2, Z2_F32);
    const auto last = static_cast<int32_t>(c.capacity - 1);
    const auto positions = ints({0, last, 63, std::min<int32_t>(64, last)});
    const auto out = poisoned(B * c.Hq * c.D, type);
    TwinTensor qkv = random(B * packed, type);
    const auto arguments = [&](const Z2Ops& ops, const TwinTensor& from, void* workspace) {
      return Z2AttentionStep{.out = out.on(ops),
                             .qkv = from.on(ops),
                             .keys = keys.on(ops),
                             .values = values.on(ops),
                             .positions = positions.as<int32_t>(ops),
                             .cosine = cosine.as<float>(ops),
                             .sine = sine.as<float>(ops),
                             .B = B,
                             .Hq = c.Hq,
                             .Hkv = c.Hkv,
                             .D = c.D,
                             .capacity = c.capacity,
                             .scale = 1.f / std::sqrt(static_cast<float>(c.D)),
                             .type = type,
                             .workspace = workspace};
    };
    size_t bytes = 0;
    for (const Z2Ops* ops : {twins_.cpu, twins_.gpu}) {
      const Z2AttentionStep shape = arguments(*ops, qkv, nullptr);
      bytes = std::max(bytes, ops->attentionStepWorkspace(ops->context, &shape));
    }
    const auto workspace = cleared(bytes);
    // Twice, on what the first left in the workspace.
    std::vector<uint8_t> before;
    for (int run = 0; run < 2; ++run) {
      const auto again =
          TwinTensor::bytes(twins_, qkv.raw(*twins_.gpu).data(),
                            static_cast<size_t>(B * packed) * (type == Z2_F32 ? 4 : 2));
      onBoth([&](const Z2Ops& ops) {
        const Z2AttentionStep p = arguments(ops, again, workspace.on(ops));
        return ops.attentionStep(ops.context, &p);
      });
      EXPECT_LE(distance(twins_, out), type == Z2_F32 ? 5e-6 : 8e-3);
      EXPECT_LE(distance(twins_, keys), type == Z2_F32 ? 1e-6 : 4e-3);
      EXPECT_TRUE(values.raw(*twins_.cpu) == values.raw(*twins_.gpu));
      if (run == 1) {
        EXPECT_TRUE(before == out.raw(*twins_.gpu));
      }
      before = out.raw(*twins_.gpu);
    }
  }
}

TEST_P(CudaStep, Greedy) {
  if (GetParam() != Z2_F32) return;  // logits are fp32
  for (const int64_t V : {1, 37, 8000, 64321}) {
    const int64_t M = 3;
    const auto logits = random(M * V, Z2_F32);
    const auto chosen = ints({9, 9, 9}), tokens = ints({9, 9, 9}), positions = ints({0, 7, 90});
    onBoth([&](const Z2Ops& ops) {
      const Z2Greedy p{.chosen = chosen.as<int32_t>(ops),
                       .tokens = tokens.as<int32_t>(ops),
                       .positions = positions.as<int32_t>(ops),
                       .logits = logits.as<float>(ops),
                       .M = M,
                       .V = V};
      return ops.greedy(ops.context, &p);
    });
    for (const TwinTensor* tensor : {&chosen, &tokens, &positions})
      EXPECT_TRUE(tensor->raw(*twins_.cpu) == tensor->raw(*twins_.gpu));
  }
}

TEST_P(CudaStep, ATieGoesToTheSmallerId) {
  if (GetParam() != Z2_F32 || twins_.gpu == nullptr) return;
  std::vector<float> logits(20000, -1.f);
  logits[19000] = logits[777] = logits[778] = 2.f;
  logits[5] = NAN;
  std::vector<float> none(20000, NAN);
  logits.insert(logits.end(), none.begin(), none.end());
  const auto x = TwinTensor::bytes(twins_, logits.data(), logits.size() * sizeof(float));
  const auto chosen = ints({9, 9}), tokens = ints({9, 9}), positions = ints({0, 1});
  onBoth([&](const Z2Ops& ops) {
    const Z2Greedy p{.chosen = chosen.as<int32_t>(ops),
                     .tokens = tokens.as<int32_t>(ops),
                     .positions = positions.as<int32_t>(ops),
                     .logits = x.as<float>(ops),
                     .M = 2,
                     .V = 20000};
    return ops.greedy(ops.context, &p);
  });
  const auto got = chosen.raw(*twins_.gpu);
  int32_t ids[2] = {};
  std::memcpy(ids, got.data(), sizeof(ids));
  EXPECT_EQ(ids[0], 777);
  EXPECT_EQ(ids[1], -1);
}

}  // namespace
}  // namespace z2
