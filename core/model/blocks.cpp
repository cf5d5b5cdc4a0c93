#include "core/model/blocks.h"

#include "core/model/operations.h"

namespace z2 {

const void* Blocks::weight(ParameterKind kind, int64_t layer) const {
  return static_cast<const std::byte*>(buffers_->weights) +
         layout_->offsetOf(kind, layer) * static_cast<int64_t>(sizeOf(buffers_->type));
}

float* Blocks::gradient(ParameterKind kind, int64_t layer) const {
  return buffers_->gradients + layout_->offsetOf(kind, layer);
}

Fp8Linear::Product Blocks::product(ParameterKind kind, int64_t layer, int64_t N) const {
  const Parameter& matrix = parameter(kind, layer);
  return {.kind = kind,
          .layer = layer,
          .weight = weight(kind, layer),
          .N = N,
          .O = matrix.rows,
          .I = matrix.columns};
}

Result<void> Blocks::embed(void* residual, const int32_t* tokens, int64_t N) const {
  return call<&Z2Ops::embeddingForward>(
      *ops_,
      Z2EmbeddingForward{.out = residual,
                         .table = weight(ParameterKind::kEmbedding),
                         .tokens = tokens,
                         .N = N,
                         .C = config_->hiddenSize,
                         .V = config_->vocabSize,
                         .outType = residualType(),
                         .tableType = type()},
      "embedding");
}

Result<void> Blocks::norm(const NormBuffers& buffers, ParameterKind kind, int64_t layer,
                          int64_t N) const {
  const Z2Codes codes = buffers.out == nullptr ? fp8_->input(readerOf(kind), layer) : Z2Codes{};
  return call<&Z2Ops::rmsNormForward>(
      *ops_,
      Z2RmsNormForward{.out = buffers.out,
                       .rstd = buffers.rstd,
                       .residualOut = buffers.residualOut,
                       .residualIn = buffers.residualIn,
                       .delta = buffers.delta,
                       .weight = weight(kind, layer),
                       .N = N,
                       .C = config_->hiddenSize,
                       .eps = static_cast<float>(config_->rmsNormEps),
                       .type = type(),
                       .residualType = residualType(),
                       .dropout = buffers.dropout,
                       .fused = config_->fused.rmsNorm,
                       .codes = buffers.out == nullptr ? &codes : nullptr},
      "RMSNorm");
}

Result<void> Blocks::linear(void* out, const void* x, ParameterKind kind, int64_t layer, int64_t N,
                            const void* bias, Z2DType outType, const char* name) const {
  if (fp8_ != nullptr && fp8_->takes(kind)) {
    Z2_TRY_VOID(fp8_->forward(product(kind, layer, N), out, x, bias));
  } else {
    const Parameter& matrix = parameter(kind, layer);
    Z2_TRY_VOID(call<&Z2Ops::matmul>(*ops_,
                                     Z2Matmul{.out = out,
                                              .a = x,
                                              .b = weight(kind, layer),
                                              .bias = bias,
                                              .M = N,
                                              .N = matrix.rows,
                                              .K = matrix.columns,
                                              .transposeA = 0,
                                              .transposeB = 1,
                                              .beta = 0,
                                              .type = type(),
                                              .outType = outType},
                                     name));
  }
  return afterLinear_ == nullptr ? Result<void>() : (*afterLinear_)(out, x, kind, layer, N);
}

Result<void> Blocks::projectQkv(void* qkv, const void* x, const int32_t* positions,
                                const RopeOnDevice& rope, int64_t layer, int64_t N) const {
  Z2_TRY_VOID(linear(qkv, x, ParameterKind::kQkv, layer, N, nullptr, type(), "qkv projection"));
  const void* const bias = config_->hasQkvBias ? weight(ParameterKind::kQkvBias, layer) : nullptr;
  return call<&Z2Ops::rope>(*ops_,
                            Z2Rope{.qkv = qkv,
                                   .bias = bias,
                                   .cosine = rope.cosine,
                                   .sine = rope.sine,
                                   .positions = positions,
                                   .N = N,
                                   .Hq = config_->numAttentionHeads,
                                   .Hkv = config_->numKeyValueHeads,
                                   .D = config_->headDim,
                                   .P = rope.positions,
                                   .type = type(),
                                   .inverse = 0,
                                   .fused = config_->fused.rope},
                            "RoPE");
}

Result<void> Blocks::projectOutput(void* out, const void* attention, int64_t layer,
                                   int64_t N) const {
  const void* const bias =
      config_->hasOutputBias ? weight(ParameterKind::kOutputBias, layer) : nullptr;
  return linear(out, attention, ParameterKind::kOutput, layer, N, bias, type(),
                "output projection");
}

Result<void> Blocks::projectGateUp(void* gateUp, const void* x, int64_t layer, int64_t N) const {
  return linear(gateUp, x, ParameterKind::kGateUp, layer, N, nullptr, type(),
                "gate and up projection");
}

Result<void> Blocks::projectDown(void* out, void* inner, const void* gateUp, int64_t layer,
                                 int64_t N) const {
  const Z2Codes codes = inner == nullptr ? fp8_->input(ParameterKind::kDown, layer) : Z2Codes{};
  Z2_TRY_VOID(
      call<&Z2Ops::swigluForward>(*ops_,
                                  Z2SwigluForward{.out = inner,
                                                  .gateUp = gateUp,
                                                  .N = N,
                                                  .F = config_->intermediateSize,
                                                  .type = type(),
                                                  .fused = config_->fused.swiglu,
                                                  .codes = inner == nullptr ? &codes : nullptr},
                                  "SwiGLU"));
  return linear(out, inner, ParameterKind::kDown, layer, N, nullptr, type(), "down projection");
}

Result<void> Blocks::logits(void* out, const void* x, int64_t N, Z2DType outType) const {
  return linear(out, x, ParameterKind::kHead, -1, N, nullptr, outType, "LM head");
}

}  // namespace z2
