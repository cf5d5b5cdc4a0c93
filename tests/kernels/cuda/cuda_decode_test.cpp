// A whole step of generation on the GPU against the CPU's table. Needs a GPU.

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <ostream>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/kernels/cuda/twin_test.h"

namespace z2 {
namespace {

struct Shape {
  int64_t L, C, F, Hq, Hkv, D, V, capacity;
  bool hasBiases, isResidualF32;
};

std::ostream& operator<<(std::ostream& out, const Shape& s) {
  return out << s.L << " layers, C " << s.C << ", F " << s.F << ", heads " << s.Hq << "/" << s.Hkv
             << " x " << s.D << ", V " << s.V;
}

// Weights and caches for `B` rows.
struct Model {
  struct Layer {
    TwinTensor attentionNorm, qkv, qkvBias, output, outputBias, mlpNorm, gateUp, down, keys, values;
  };
  Shape shape;
  int64_t B;
  std::vector<Layer> layers;
  TwinTensor embedding, finalNorm, head, cosine, sine;

  [[nodiscard]] std::vector<Z2DecodeLayer> on(const Z2Ops& ops) const {
    std::vector<Z2DecodeLayer> places;
    for (const Layer& layer : layers)
      places.push_back({.attentionNorm = layer.attentionNorm.on(ops),
                        .qkv = layer.qkv.on(ops),
                        .qkvBias = shape.hasBiases ? layer.qkvBias.on(ops) : nullptr,
                        .output = layer.output.on(ops),
                        .outputBias = shape.hasBiases ? layer.outputBias.on(ops) : nullptr,
                        .mlpNorm = layer.mlpNorm.on(ops),
                        .gateUp = layer.gateUp.on(ops),
                        .down = layer.down.on(ops),
                        .keys = layer.keys.on(ops),
                        .values = layer.values.on(ops)});
    return places;
  }
};

class CudaDecode : public TwinTest {
 protected:
  CudaDecode() : TwinTest(20261201) {}

  Model model(const Shape& s, int64_t B) {
    const Z2DType type = GetParam();
    const int64_t packed = (s.Hq + 2 * s.Hkv) * s.D, cache = B * s.capacity * s.Hkv * s.D;
    const auto weight = [&](int64_t rows, int64_t columns) {
      return random(rows * columns, type, 1.f / std::sqrt(static_cast<float>(columns)));
    };
    std::vector<Model::Layer> layers;
    for (int64_t i = 0; i < s.L; ++i)
      layers.push_back({random(s.C, type), weight(packed, s.C), random(packed, type, 0.3f),
                        weight(s.C, s.Hq * s.D), random(s.C, type, 0.3f), random(s.C, type),
                        weight(2 * s.F, s.C), weight(s.C, s.F), random(cache, type),
                        random(cache, type)});
    return {s,
            B,
            std::move(layers),
            random(s.V * s.C, type),
            random(s.C, type),
            weight(s.V, s.C),
            random(s.capacity * s.D / 2, Z2_F32),
            random(s.capacity * s.D / 2, Z2_F32)};
  }

  // The first `rows` rows.
  Z2DecodeStep step(const Model& m, const std::vector<Z2DecodeLayer>& layers, const Z2Ops& ops,
                    const TwinTensor& logits, const TwinTensor& tokens, const TwinTensor& positions,
                    int64_t rows, void* workspace) const {
    const Shape& s = m.shape;
    return {.logits = logits.as<float>(ops),
            .tokens = tokens.as<int32_t>(ops),
            .positions = positions.as<int32_t>(ops),
            .layers = layers.data(),
            .embedding = m.embedding.on(ops),
            .finalNorm = m.finalNorm.on(ops),
            .head = m.head.on(ops),
            .cosine = m.cosine.as<float>(ops),
            .sine = m.sine.as<float>(ops),
            .B = rows,
            .L = s.L,
            .C = s.C,
            .F = s.F,
            .Hq = s.Hq,
            .Hkv = s.Hkv,
            .D = s.D,
            .V = s.V,
            .capacity = s.capacity,
            .eps = 1e-5f,
            .scale = 1.f / std::sqrt(static_cast<float>(s.D)),
            .type = GetParam(),
            .residualType = s.isResidualF32 ? Z2_F32 : GetParam(),
            .workspace = workspace};
  }

  TwinTensor workspaceFor(const Model& m, int64_t most) {
    size_t bytes = 0;
    const TwinTensor none = ints({0});
    for (const Z2Ops* ops : {twins_.cpu, twins_.gpu}) {
      const auto layers = m.on(*ops);
      for (int64_t rows = 1; rows <= most; ++rows) {
        const Z2DecodeStep shape = step(m, layers, *ops, none, none, none, rows, nullptr);
        bytes = std::max(bytes, ops->decodeStepWorkspace(ops->context, &shape));
      }
    }
    return TwinTensor::zeros(twins_, static_cast<int64_t>(bytes / 4 + 64), Z2_F32);
  }
};

INSTANTIATE_TEST_SUITE_P(Types, CudaDecode, testing::Values(Z2_F32, Z2_BF16, Z2_F16),
                         [](const auto& type) {
                           return std::string(nameOf(static_cast<DType>(type.param)));
                         });

TEST_P(CudaDecode, AgreesWithTheCpu) {
  // The first three are large enough for a kernel of their own.
  for (const Shape& s : {Shape{2, 512, 12288, 8, 2, 64, 1001, 700, true, false},
                         Shape{2, 2048, 5632, 32, 8, 64, 1000, 200, false, false},
                         Shape{2, 1000, 6144, 6, 2, 104, 517, 1500, true, true},
                         Shape{2, 768, 2048, 12, 12, 64, 1003, 300, false, true},
                         Shape{2, 96, 200, 3, 1, 32, 77, 90, false, false},
                         Shape{1, 40, 64, 2, 2, 20, 33, 64, true, false}}) {
    const int64_t most = 9;
    const Model m = model(s, most);
    const auto workspace = workspaceFor(m, most);
    for (const int64_t B : {int64_t{1}, int64_t{3}, most}) {
      SCOPED_TRACE(testing::Message() << s << ", " << B << " rows");
      const auto last = static_cast<int32_t>(s.capacity - 1);
      std::vector<int32_t> ids, places;
      for (int64_t b = 0; b < B; ++b) {
        ids.push_back(static_cast<int32_t>(b * 7 % s.V));
        places.push_back(std::array{last, 0, 1, 63}[static_cast<size_t>(b % 4)]);
      }
      const auto tokens = ints(ids), positions = ints(places);
      const auto logits = poisoned(B * s.V, Z2_F32);
      std::vector<uint8_t> before;
      for (int run = 0; run < 2; ++run) {  // again on what the first left behind
        onBoth([&](const Z2Ops& ops) {
          const auto layers = m.on(ops);
          const Z2DecodeStep p =
              step(m, layers, ops, logits, tokens, positions, B, workspace.on(ops));
          return ops.decodeStep(ops.context, &p);
        });
        EXPECT_LE(distance(twins_, logits), GetParam() == Z2_F32   ? 1e-5
                                            : GetParam() == Z2_F16 ? 6e-3
                                                                   : 4e-2);
        for (const Model::Layer& layer : m.layers) {
          EXPECT_LE(distance(twins_, layer.keys), GetParam() == Z2_F32 ? 1e-5 : 2e-2);
          EXPECT_LE(distance(twins_, layer.values), GetParam() == Z2_F32 ? 1e-5 : 2e-2);
        }
        if (run == 1) {
          EXPECT_TRUE(before == logits.raw(*twins_.gpu));
        }
        before = logits.raw(*twins_.gpu);
      }
    }
  }
}

TEST_P(CudaDecode, GoesOnFromTheFirstPosition) {
  const Shape s{2, 512, 12288, 8, 2, 64, 1001, 40, false, false};
  const Model m = model(s, 1);
  const auto workspace = workspaceFor(m, 1);
  for (int32_t position = 0; position < 36; ++position) {
    const auto tokens = ints({position * 3}), positions = ints({position});
    const auto logits = poisoned(s.V, Z2_F32);
    onBoth([&](const Z2Ops& ops) {
      const auto layers = m.on(ops);
      const Z2DecodeStep p = step(m, layers, ops, logits, tokens, positions, 1, workspace.on(ops));
      return ops.decodeStep(ops.context, &p);
    });
    EXPECT_LE(distance(twins_, logits), GetParam() == Z2_F32   ? 1e-5
                                        : GetParam() == Z2_F16 ? 6e-3
                                                               : 4e-2)
        << "position " << position;
  }
}

// Blocks of the kernel of one row tell each other values without a barrier.
TEST_P(CudaDecode, ManyStepsHaveTheSameBits) {
  if (GetParam() == Z2_F32 || twins_.gpu == nullptr) return;
  const Shape s{3, 2048, 5632, 32, 8, 64, 1000, 700, false, false};
  const Model m = model(s, 1);
  const Z2Ops& ops = *twins_.gpu;
  const auto workspace = workspaceFor(m, 1);
  const auto layers = m.on(ops);
  for (const int32_t position : {0, 150, 250, 699}) {
    const auto tokens = ints({5}), positions = ints({position});
    const auto logits = poisoned(s.V, Z2_F32);
    const Z2DecodeStep p = step(m, layers, ops, logits, tokens, positions, 1, workspace.on(ops));
    std::vector<uint8_t> expected;
    int differing = 0;
    for (int i = 0; i < 500; ++i) {
      ASSERT_EQ(ops.decodeStep(ops.context, &p), Z2_OK) << ops.lastError(ops.context);
      ASSERT_EQ(ops.synchronize(ops.context), Z2_OK) << ops.lastError(ops.context);
      const auto bits = logits.raw(ops);
      if (expected.empty()) expected = bits;
      differing += bits == expected ? 0 : 1;
    }
    EXPECT_EQ(differing, 0) << "position " << position;
  }
}

// Of the steps of several rows; those of one have a kernel of their own.
TEST_P(CudaDecode, ARowHasTheBitsThatItHasBesideOthers) {
  if (GetParam() == Z2_F32 || twins_.gpu == nullptr) return;
  const Shape s{2, 512, 1024, 8, 2, 64, 999, 300, true, false};
  const int64_t B = 8;
  const Model m = model(s, B);
  const Z2Ops& ops = *twins_.gpu;
  const auto workspace = workspaceFor(m, B);
  const auto layers = m.on(ops);
  // Row 0; the others' caches lie behind it.
  std::vector<uint8_t> expected;
  const auto tokens = ints({5, 6, 7, 8, 9, 10, 11, 12});
  const auto positions = ints({217, 3, 299, 0, 1, 64, 100, 298});
  for (const int64_t rows : {2, 3, 5, 8, 2}) {
    const auto logits = poisoned(B * s.V, Z2_F32);
    const Z2DecodeStep p = step(m, layers, ops, logits, tokens, positions, rows, workspace.on(ops));
    ASSERT_EQ(ops.decodeStep(ops.context, &p), Z2_OK) << ops.lastError(ops.context);
    ASSERT_EQ(ops.synchronize(ops.context), Z2_OK) << ops.lastError(ops.context);
    auto bits = logits.raw(ops);
    bits.resize(static_cast<size_t>(s.V) * 4);
    if (expected.empty()) expected = bits;
    EXPECT_TRUE(bits == expected) << rows << " rows";
  }
}

}  // namespace
}  // namespace z2
