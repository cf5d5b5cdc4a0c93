#include "core/model/inference_step.h"

#include <algorithm>
#include <cmath>

#include "core/model/operations.h"

namespace z2 {

std::vector<Z2DecodeLayer> InferenceStep::layers() const {
  std::vector<Z2DecodeLayer> layers;
  for (int64_t i = 0; i < config_.numHiddenLayers; ++i) {
    const auto weight = [&](ParameterKind kind) { return blocks_.weight(kind, i); };
    const auto cache = [i](const std::vector<void*>& caches) {
      return caches.empty() ? nullptr : caches[static_cast<size_t>(i)];
    };
    layers.push_back(
        {.attentionNorm = weight(ParameterKind::kAttentionNorm),
         .qkv = weight(ParameterKind::kQkv),
         .qkvBias = config_.hasQkvBias ? weight(ParameterKind::kQkvBias) : nullptr,
         .output = weight(ParameterKind::kOutput),
         .outputBias = config_.hasOutputBias ? weight(ParameterKind::kOutputBias) : nullptr,
         .mlpNorm = weight(ParameterKind::kMlpNorm),
         .gateUp = weight(ParameterKind::kGateUp),
         .down = weight(ParameterKind::kDown),
         .keys = cache(buffers_.keys),
         .values = cache(buffers_.values)});
  }
  return layers;
}

Z2DecodeStep InferenceStep::step(const std::vector<Z2DecodeLayer>& layers, int64_t rows) const {
  return {.logits = buffers_.logits,
          .tokens = buffers_.tokens,
          .positions = buffers_.positions,
          .layers = layers.data(),
          .embedding = blocks_.weight(ParameterKind::kEmbedding),
          .finalNorm = blocks_.weight(ParameterKind::kFinalNorm),
          .head = blocks_.weight(ParameterKind::kHead),
          .cosine = buffers_.rope.cosine,
          .sine = buffers_.rope.sine,
          .B = rows,
          .L = config_.numHiddenLayers,
          .C = config_.hiddenSize,
          .F = config_.intermediateSize,
          .Hq = config_.numAttentionHeads,
          .Hkv = config_.numKeyValueHeads,
          .D = config_.headDim,
          .V = config_.vocabSize,
          .capacity = buffers_.capacity,
          .eps = static_cast<float>(config_.rmsNormEps),
          .scale = 1.0f / std::sqrt(static_cast<float>(config_.headDim)),
          .type = blocks_.type(),
          .residualType = blocks_.residualType(),
          .workspace = buffers_.workspace};
}

int64_t InferenceStep::workspaceBytes(int64_t rows) const {
  const std::vector<Z2DecodeLayer> its = layers();
  size_t most = 0;
  for (int64_t count = 1; count <= rows; ++count) {
    const Z2DecodeStep shape = step(its, count);
    most = std::max(most, ops_.decodeStepWorkspace(ops_.context, &shape));
  }
  return static_cast<int64_t>(most);
}

Result<void> InferenceStep::run(int64_t rows) const {
  const std::vector<Z2DecodeLayer> its = layers();
  return call<&Z2Ops::decodeStep>(ops_, step(its, rows), "a step of generation");
}

Result<void> InferenceStep::runGreedy(int64_t rows) const {
  Z2_TRY_VOID(run(rows));
  return call<&Z2Ops::greedy>(ops_,
                              Z2Greedy{.chosen = buffers_.chosen,
                                       .tokens = buffers_.tokens,
                                       .positions = buffers_.positions,
                                       .logits = buffers_.logits,
                                       .M = rows,
                                       .V = config_.vocabSize},
                              "the most likely token");
}

}  // namespace z2
