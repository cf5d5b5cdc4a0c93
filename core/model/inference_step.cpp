#include "core/model/inference_step.h"

#include <algorithm>
#include <cmath>

#include "core/model/operations.h"

namespace z2 {

// A product with that weight; whoever calls it says from where to where.
Z2RowLinear InferenceStep::linear(ParameterKind kind, int64_t layer, int64_t rows) const {
  const Parameter& matrix = blocks_.parameter(kind, layer);
  return {.out = nullptr,
          .x = nullptr,
          .weight = blocks_.weight(kind, layer),
          .bias = nullptr,
          .normWeight = nullptr,
          .M = rows,
          .N = matrix.rows,
          .K = matrix.columns,
          .eps = static_cast<float>(config_.rmsNormEps),
          .swiglu = kind == ParameterKind::kGateUp,
          .accumulate = 0,
          .type = blocks_.type(),
          .xType = blocks_.type(),
          .outType = blocks_.type(),
          .workspace = buffers_.rowWorkspace};
}

Z2AttentionStep InferenceStep::attention(int64_t layer, int64_t rows) const {
  const auto at = [layer](const std::vector<void*>& caches) {
    return caches.empty() ? nullptr : caches[static_cast<size_t>(layer)];
  };
  return {.out = buffers_.attention,
          .qkv = buffers_.qkv,
          .keys = at(buffers_.keys),
          .values = at(buffers_.values),
          .positions = buffers_.positions,
          .cosine = buffers_.rope.cosine,
          .sine = buffers_.rope.sine,
          .B = rows,
          .Hq = config_.numAttentionHeads,
          .Hkv = config_.numKeyValueHeads,
          .D = config_.headDim,
          .capacity = buffers_.capacity,
          .scale = 1.0f / std::sqrt(static_cast<float>(config_.headDim)),
          .type = blocks_.type(),
          .workspace = buffers_.attentionWorkspace};
}

int64_t InferenceStep::rowWorkspaceBytes(int64_t rows) const {
  size_t most = 0;
  for (const ParameterKind kind : {ParameterKind::kQkv, ParameterKind::kOutput,
                                   ParameterKind::kGateUp, ParameterKind::kDown}) {
    const Z2RowLinear shape = linear(kind, 0, rows);
    most = std::max(most, ops_.rowLinearWorkspace(ops_.context, &shape));
  }
  const Z2RowLinear head = linear(ParameterKind::kHead, -1, rows);
  return static_cast<int64_t>(std::max(most, ops_.rowLinearWorkspace(ops_.context, &head)));
}

int64_t InferenceStep::attentionWorkspaceBytes(int64_t rows) const {
  const Z2AttentionStep shape = attention(0, rows);
  return static_cast<int64_t>(ops_.attentionStepWorkspace(ops_.context, &shape));
}

Result<void> InferenceStep::runLayer(int64_t layer, int64_t rows) const {
  const auto normed = [&](Z2RowLinear a, ParameterKind norm) {
    a.x = buffers_.residual;
    a.xType = blocks_.residualType();
    a.normWeight = blocks_.weight(norm, layer);
    return a;
  };
  const auto added = [&](Z2RowLinear a) {
    a.out = buffers_.residual;
    a.outType = blocks_.residualType();
    a.accumulate = 1;
    return a;
  };
  Z2RowLinear qkv = normed(linear(ParameterKind::kQkv, layer, rows), ParameterKind::kAttentionNorm);
  qkv.out = buffers_.qkv;
  if (config_.hasQkvBias) qkv.bias = blocks_.weight(ParameterKind::kQkvBias, layer);
  Z2_TRY_VOID(call<&Z2Ops::rowLinear>(ops_, qkv, "qkv projection"));
  Z2_TRY_VOID(call<&Z2Ops::attentionStep>(ops_, attention(layer, rows), "attention"));
  Z2RowLinear output = added(linear(ParameterKind::kOutput, layer, rows));
  output.x = buffers_.attention;
  if (config_.hasOutputBias) output.bias = blocks_.weight(ParameterKind::kOutputBias, layer);
  Z2_TRY_VOID(call<&Z2Ops::rowLinear>(ops_, output, "output projection"));
  Z2RowLinear gateUp = normed(linear(ParameterKind::kGateUp, layer, rows), ParameterKind::kMlpNorm);
  gateUp.out = buffers_.inner;
  Z2_TRY_VOID(call<&Z2Ops::rowLinear>(ops_, gateUp, "gate and up projection"));
  Z2RowLinear down = added(linear(ParameterKind::kDown, layer, rows));
  down.x = buffers_.inner;
  return call<&Z2Ops::rowLinear>(ops_, down, "down projection");
}

Result<void> InferenceStep::run(int64_t rows) const {
  Z2_TRY_VOID(blocks_.embed(buffers_.residual, buffers_.tokens, rows));
  for (int64_t layer = 0; layer < config_.numHiddenLayers; ++layer)
    Z2_TRY_VOID(runLayer(layer, rows));
  Z2RowLinear head = linear(ParameterKind::kHead, -1, rows);
  head.x = buffers_.residual;
  head.xType = blocks_.residualType();
  head.normWeight = blocks_.weight(ParameterKind::kFinalNorm);
  head.out = buffers_.logits;
  head.outType = Z2_F32;
  return call<&Z2Ops::rowLinear>(ops_, head, "LM head");
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
