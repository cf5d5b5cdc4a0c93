#include <cmath>

#include "core/model/llama_impl.h"

namespace z2 {

const void* Llama::Impl::deltaGradient() const {
  return plan.dDelta >= 0 ? at(plan.dDelta) : at(plan.dResidual);
}

Result<void> Llama::Impl::complete(int parameter) {
  if (!bucketHook) return {};
  const int bucket = layout.parameters()[static_cast<size_t>(parameter)].bucket;
  if (layout.buckets()[static_cast<size_t>(bucket)].lastParameter != parameter) return {};
  return bucketHook(bucket);
}

Result<void> Llama::Impl::backward() {
  const int64_t last = config.numHiddenLayers - 1;
  Z2_TRY_VOID(backwardNorm({.kind = ParameterKind::kFinalNorm,
                            .dOut = at(plan.finalNorm),
                            .residual = at(plan.finalResidual),
                            .rstd = at<float>(plan.finalRstd),
                            .dropout = dropout(Place::kMlpResidual, last),
                            .isFirst = true}));
  for (int64_t index = last; index >= 0; --index) {
    if (options.recompute == Recompute::kBlocks) Z2_TRY_VOID(layerAgain(index));
    Z2_TRY_VOID(backwardMlp(index));
    Z2_TRY_VOID(backwardAttention(index));
  }
  return backwardEmbedding();
}

Result<void> Llama::Impl::backwardMlp(int64_t index) {
  const LayerPlan& its = backLayer(index);
  const int64_t N = batch.size();
  const int64_t F = config.intermediateSize;
  const void* const dOut = deltaGradient();

  Z2_TRY_VOID(dataGradient(at(its.dInner), dOut, ParameterKind::kDown, index, N));
  // The inner activations come again out of SwiGLU's backward; then the weight's gradient. In 8
  // bits nothing of that has a place of its own but codes.
  const bool givesCodes = its.innerAgain < 0;
  const Z2Codes codes = givesCodes ? fp8.gradient(ParameterKind::kGateUp, index) : Z2Codes{};
  const Z2Codes innerCodes = givesCodes ? fp8.inputAgain(ParameterKind::kDown, index) : Z2Codes{};
  void* const dGateUp = givesCodes ? nullptr : at(its.gateUp);
  Z2_TRY_VOID(
      call<&Z2Ops::swigluBackward>(*ops,
                                   Z2SwigluBackward{.dGateUp = dGateUp,
                                                    .out = at(its.innerAgain),
                                                    .dOut = at(its.dInner),
                                                    .gateUp = at(its.gateUp),
                                                    .N = N,
                                                    .F = F,
                                                    .type = type(),
                                                    .fused = config.fused.swiglu,
                                                    .codes = givesCodes ? &codes : nullptr,
                                                    .outCodes = givesCodes ? &innerCodes : nullptr},
                                   "SwiGLU's backward"));
  Z2_TRY_VOID(weightGradient(dOut, at(its.innerAgain), ParameterKind::kDown, index, N));
  Z2_TRY_VOID(dataGradient(at(its.dNorm2), dGateUp, ParameterKind::kGateUp, index, N));
  Z2_TRY_VOID(backwardNorm({.kind = ParameterKind::kMlpNorm,
                            .layer = index,
                            .dOut = at(its.dNorm2),
                            .residual = at(its.residual2),
                            .rstd = at<float>(its.rstd2),
                            .dropout = dropout(Place::kAttentionResidual, index),
                            .outAgain = at(its.norm2Again),
                            .givesCodes = its.norm2 < 0}));
  return weightGradient(dGateUp, at(its.norm2Again), ParameterKind::kGateUp, index, N);
}

Result<void> Llama::Impl::backwardAttention(int64_t index) {
  const LayerPlan& its = backLayer(index);
  const int64_t N = batch.size();
  if (config.hasOutputBias) {
    Z2_TRY_VOID(backwardBias(deltaGradient(), ParameterKind::kOutputBias, index));
  }
  Z2_TRY_VOID(dataGradient(at(its.dAttention), deltaGradient(), ParameterKind::kOutput, index, N));
  Z2_TRY_VOID(weightGradient(deltaGradient(), at(its.attention), ParameterKind::kOutput, index, N));
  Z2_TRY_VOID(attendBackward(index));
  if (config.hasQkvBias) {
    Z2_TRY_VOID(backwardBias(at(its.dQkv), ParameterKind::kQkvBias, index));
  }
  Z2_TRY_VOID(dataGradient(at(its.dNorm1), at(its.dQkv), ParameterKind::kQkv, index, N));
  Z2_TRY_VOID(
      backwardNorm({.kind = ParameterKind::kAttentionNorm,
                    .layer = index,
                    .dOut = at(its.dNorm1),
                    .residual = at(its.residual1),
                    .rstd = at<float>(its.rstd1),
                    .dropout = index > 0 ? dropout(Place::kMlpResidual, index - 1) : Z2Dropout{},
                    .hasDelta = index > 0,
                    .outAgain = at(its.norm1Again),
                    .givesCodes = its.norm1 < 0}));
  return weightGradient(at(its.dQkv), at(its.norm1Again), ParameterKind::kQkv, index, N);
}

Result<void> Llama::Impl::attendBackward(int64_t index) {
  const LayerPlan& its = backLayer(index);
  const Z2Rope back = {.qkv = at(its.dQkv),
                       .bias = nullptr,
                       .cosine = rope.cosine,
                       .sine = rope.sine,
                       .positions = batch.positions,
                       .N = batch.size(),
                       .Hq = config.numAttentionHeads,
                       .Hkv = config.numKeyValueHeads,
                       .D = config.headDim,
                       .P = rope.positions,
                       .type = type(),
                       .inverse = 1,
                       .fused = config.fused.rope};
  Z2_TRY_VOID(call<&Z2Ops::attentionBackward>(
      *ops,
      Z2AttentionBackward{.dQkv = at(its.dQkv),
                          .dOut = at(its.dAttention),
                          .out = at(its.attention),
                          .lse = at<float>(its.lse),
                          .qkv = at(its.qkv),
                          .documentStart = batch.documents(),
                          .B = batch.rows,
                          .T = batch.columns,
                          .Hq = config.numAttentionHeads,
                          .Hkv = config.numKeyValueHeads,
                          .D = config.headDim,
                          .scale = 1.0f / std::sqrt(static_cast<float>(config.headDim)),
                          .type = type(),
                          .dropout = dropout(Place::kAttention, index),
                          .fused = config.fused.attention,
                          .workspace = at(plan.workspace),
                          .rope = config.fused.rope ? &back : nullptr},
      "attention's backward"));
  if (config.fused.rope) return {};
  return call<&Z2Ops::rope>(*ops, back, "RoPE's backward");
}

Result<void> Llama::Impl::backwardEmbedding() {
  if (isFrozen()) return {};
  Z2_TRY_VOID(call<&Z2Ops::embeddingBackward>(
      *ops,
      Z2EmbeddingBackward{.dTable = blocks().gradient(ParameterKind::kEmbedding),
                          .dOut = at(plan.dResidual),
                          .tokens = batch.tokens,
                          .N = batch.size(),
                          .C = config.hiddenSize,
                          .V = config.vocabSize,
                          .dOutType = residualType(),
                          .workspace = at(plan.workspace)},
      "embedding's backward"));
  // Norms and biases lie behind the embedding and were complete before.
  return complete(static_cast<int>(layout.parameters().size()) - 1);
}

Result<void> Llama::Impl::backwardNorm(const NormGradient& norm) {
  const Z2Codes codes =
      norm.givesCodes ? fp8.inputAgain(Blocks::readerOf(norm.kind), norm.layer) : Z2Codes{};
  return call<&Z2Ops::rmsNormBackward>(
      *ops,
      Z2RmsNormBackward{
          .dResidual = at(plan.dResidual),
          .dDelta = norm.hasDelta ? at(plan.dDelta) : nullptr,
          .dWeight =
              isFrozen() ? at<float>(plan.discarded) : blocks().gradient(norm.kind, norm.layer),
          .dOut = norm.dOut,
          .residual = norm.residual,
          .weight = blocks().weight(norm.kind, norm.layer),
          .rstd = norm.rstd,
          .N = batch.size(),
          .C = config.hiddenSize,
          .type = type(),
          .residualType = residualType(),
          .dropout = norm.dropout,
          .accumulate = norm.isFirst ? 0 : 1,
          .fused = config.fused.rmsNorm,
          .workspace = at(plan.workspace),
          .outAgain = options.recompute == Recompute::kNorms ? norm.outAgain : nullptr,
          .codes = norm.givesCodes ? &codes : nullptr},
      "RMSNorm's backward");
}

Result<void> Llama::Impl::dataGradient(void* dx, const void* dy, ParameterKind kind, int64_t index,
                                       int64_t N) {
  if (fp8.takes(kind)) {
    Z2_TRY_VOID(fp8.dataGradient(blocks().product(kind, index, N), dx, dy));
  } else {
    const Parameter& matrix = blocks().parameter(kind, index);
    Z2_TRY_VOID(call<&Z2Ops::matmul>(*ops,
                                     Z2Matmul{.out = dx,
                                              .a = dy,
                                              .b = blocks().weight(kind, index),
                                              .bias = nullptr,
                                              .M = N,
                                              .N = matrix.columns,
                                              .K = matrix.rows,
                                              .transposeA = 0,
                                              .transposeB = 0,
                                              .beta = 0,
                                              .type = type(),
                                              .outType = type()},
                                     "a projection's backward"));
  }
  return isFrozen() ? adapterDataGradient(dx, dy, kind, index) : Result<void>();
}

Result<void> Llama::Impl::weightGradient(const void* dy, const void* x, ParameterKind kind,
                                         int64_t index, int64_t N) {
  if (isFrozen()) return adapterWeightGradient(x, kind, index);
  const int parameter = layout.indexOf(kind, index);
  const Parameter& matrix = layout.parameters()[static_cast<size_t>(parameter)];
  if (fp8.takes(kind)) {
    Z2_TRY_VOID(
        fp8.weightGradient(blocks().product(kind, index, N), blocks().gradient(kind, index), x));
    return complete(parameter);
  }
  Z2_TRY_VOID(call<&Z2Ops::matmul>(*ops,
                                   Z2Matmul{.out = blocks().gradient(kind, index),
                                            .a = dy,
                                            .b = x,
                                            .bias = nullptr,
                                            .M = matrix.rows,
                                            .N = matrix.columns,
                                            .K = N,
                                            .transposeA = 1,
                                            .transposeB = 0,
                                            .beta = 1,
                                            .type = type(),
                                            .outType = Z2_F32},
                                   "a weight's gradient"));
  // The head's comes in chunks; whoever runs them tells when the last is done.
  return kind == ParameterKind::kHead ? Result<void>() : complete(parameter);
}

Result<void> Llama::Impl::backwardBias(const void* dy, ParameterKind kind, int64_t index) {
  if (isFrozen()) return {};
  const Parameter& bias = layout.parameters()[static_cast<size_t>(layout.indexOf(kind, index))];
  return call<&Z2Ops::biasBackward>(*ops,
                                    Z2BiasBackward{.dBias = blocks().gradient(kind, index),
                                                   .dOut = dy,
                                                   .M = batch.size(),
                                                   .N = bias.rows,
                                                   .type = type(),
                                                   .workspace = at(plan.workspace)},
                                    "a bias's gradient");
}

}  // namespace z2
