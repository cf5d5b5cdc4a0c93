#include <cmath>
#include <vector>

#include "kernels/cpu/reference.h"
#include "kernels/decode_step_parts.h"
#include "tests/kernels/buffers.h"

namespace z2::test {
namespace {

// A model of two layers with all that its step reads and writes.
struct Model {
  static constexpr int64_t B = 2, C = 24, F = 40, Hq = 4, Hkv = 2, D = 6, V = 33, capacity = 9;
  static constexpr int64_t kPacked = (Hq + 2 * Hkv) * D, kCache = B * capacity * Hkv * D;

  struct Layer {
    Buffer attentionNorm, qkv, qkvBias, output, outputBias, mlpNorm, gateUp, down, keys, values;
  };
  Z2DType type, residualType;
  std::vector<Layer> layers;
  Buffer embedding, finalNorm, head, cosine, sine, logits;
  std::vector<int32_t> tokens = {7, 32}, positions = {0, 8};

  Model(Z2DType its, Z2DType residual)
      : type(its),
        residualType(residual),
        embedding(normalBuffer(V * C, 1, its)),
        finalNorm(normalBuffer(C, 2, its)),
        head(normalBuffer(V * C, 3, its)),
        cosine(normalBuffer(capacity * D / 2, 4, Z2_F32)),
        sine(normalBuffer(capacity * D / 2, 5, Z2_F32)),
        logits(B * V) {
    for (uint32_t seed : {10U, 20U})
      layers.push_back({normalBuffer(C, seed, its), normalBuffer(kPacked * C, seed + 1, its),
                        normalBuffer(kPacked, seed + 2, its),
                        normalBuffer(C * Hq * D, seed + 3, its), normalBuffer(C, seed + 4, its),
                        normalBuffer(C, seed + 5, its), normalBuffer(2 * F * C, seed + 6, its),
                        normalBuffer(C * F, seed + 7, its), normalBuffer(kCache, seed + 8, its),
                        normalBuffer(kCache, seed + 9, its)});
  }
  [[nodiscard]] std::vector<Z2DecodeLayer> places() const {
    std::vector<Z2DecodeLayer> places;
    for (const Layer& layer : layers)
      places.push_back({layer.attentionNorm.data(), layer.qkv.data(), layer.qkvBias.data(),
                        layer.output.data(), layer.outputBias.data(), layer.mlpNorm.data(),
                        layer.gateUp.data(), layer.down.data(), layer.keys.data(),
                        layer.values.data()});
    return places;
  }
  [[nodiscard]] Z2DecodeStep step(const std::vector<Z2DecodeLayer>& places) const {
    return {.logits = logits.floats(),
            .tokens = tokens.data(),
            .positions = positions.data(),
            .layers = places.data(),
            .embedding = embedding.data(),
            .finalNorm = finalNorm.data(),
            .head = head.data(),
            .cosine = cosine.floats(),
            .sine = sine.floats(),
            .B = B,
            .L = static_cast<int64_t>(places.size()),
            .C = C,
            .F = F,
            .Hq = Hq,
            .Hkv = Hkv,
            .D = D,
            .V = V,
            .capacity = capacity,
            .eps = 1e-5f,
            .scale = 1 / std::sqrt(6.f),
            .type = type,
            .residualType = residualType,
            .workspace = nullptr};
  }
};

template <auto kernel, typename Args>
Z2Status byReference(Z2Context*, const Args* a) {
  kernel(*a, 1);
  return Z2_OK;
}

const DecodeStepParts kReferences = {
    .embeddingForward = byReference<reference::embeddingForward, Z2EmbeddingForward>,
    .rowLinear = byReference<reference::rowLinear, Z2RowLinear>,
    .attentionStep = byReference<reference::attentionStep, Z2AttentionStep>,
    .rowLinearWorkspace = [](Z2Context*, const Z2RowLinear*) { return size_t{0}; },
    .attentionStepWorkspace = [](Z2Context*, const Z2AttentionStep*) { return size_t{0}; }};

TEST(DecodeStep, AgreesWithTheReferencesOfItsParts) {
  for (const Z2DType type : allTypes()) {
    for (const Z2DType residualType : std::vector<Z2DType>{type, Z2_F32}) {
      const Model model(type, residualType), want(type, residualType);
      const std::vector<Z2DecodeLayer> places = model.places(), wantPlaces = want.places();
      Z2DecodeStep a = model.step(places), b = want.step(wantPlaces);
      const Buffer workspace(
          static_cast<int64_t>(ops().decodeStepWorkspace(ops().context, &a)) / 4 + 1);
      a.workspace = workspace.data();
      expectOk(ops().decodeStep(ops().context, &a));
      const Buffer wantWorkspace(
          static_cast<int64_t>(DecodeStepByParts(nullptr, b, kReferences).workspaceBytes()) / 4 +
          1);
      b.workspace = wantWorkspace.data();
      expectOk(DecodeStepByParts(nullptr, b, kReferences).run());
      const double tolerance = 10 * std::max(toleranceOf(type), 1e-6);
      EXPECT_LE(relativeError(model.logits, want.logits), tolerance) << "type " << type;
      for (size_t i = 0; i < model.layers.size(); ++i) {
        EXPECT_LE(relativeError(model.layers[i].keys, want.layers[i].keys), tolerance);
        EXPECT_LE(relativeError(model.layers[i].values, want.layers[i].values), tolerance);
      }
    }
  }
}

TEST(DecodeStep, SaysWhatIsWrong) {
  const Model model(Z2_F32, Z2_F32);
  const std::vector<Z2DecodeLayer> places = model.places();
  Z2DecodeStep a = model.step(places);
  EXPECT_EQ(ops().decodeStep(ops().context, &a), Z2_INVALID);  // no workspace
  const Buffer workspace(static_cast<int64_t>(ops().decodeStepWorkspace(ops().context, &a)) / 4 +
                         1);
  a.workspace = workspace.data();
  a.layers = nullptr;
  EXPECT_EQ(ops().decodeStep(ops().context, &a), Z2_INVALID);
  EXPECT_STREQ(ops().lastError(ops().context), "decodeStep: there are no layers");
  a.layers = places.data();
  a.residualType = Z2_BF16;
  EXPECT_EQ(ops().decodeStep(ops().context, &a), Z2_INVALID);
  EXPECT_STREQ(ops().lastError(ops().context), "decodeStep: residualType must be type or fp32");
}

}  // namespace
}  // namespace z2::test
