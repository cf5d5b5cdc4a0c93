#pragma once

// Z2DecodeStep as a sequence of the operations that it joins: what devices do that have no kernel
// of their own for a shape.

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "kernels/attention.h"
#include "kernels/decode_step.h"
#include "kernels/embedding.h"
#include "kernels/row_linear.h"

namespace z2 {

struct DecodeStepParts {
  Z2Status (*embeddingForward)(Z2Context*, const Z2EmbeddingForward*);
  Z2Status (*rowLinear)(Z2Context*, const Z2RowLinear*);
  Z2Status (*attentionStep)(Z2Context*, const Z2AttentionStep*);
  size_t (*rowLinearWorkspace)(Z2Context*, const Z2RowLinear*);
  size_t (*attentionStepWorkspace)(Z2Context*, const Z2AttentionStep*);
};

class DecodeStepByParts {
 public:
  DecodeStepByParts(Z2Context* context, const Z2DecodeStep& p, const DecodeStepParts& parts)
      : context_(context), p_(p), parts_(parts) {
    const auto take = [this](size_t bytes) -> void* {
      auto* const workspace = static_cast<char*>(p_.workspace);
      void* const place = workspace == nullptr ? nullptr : workspace + bytes_;
      bytes_ += (bytes + 255) / 256 * 256;
      return place;
    };
    const auto elements = [&](int64_t width, Z2DType type) {
      return static_cast<size_t>(p.B * width) * (type == Z2_F32 ? 4 : 2);
    };
    // What has to be zero first lies where no other shape's results ever were.
    const Z2AttentionStep attention = attend({});
    attentionWorkspace_ = take(parts.attentionStepWorkspace(context, &attention));
    residual_ = take(elements(p.C, p.residualType));
    qkv_ = take(elements(packed(), p.type));
    attended_ = take(elements(p.Hq * p.D, p.type));
    inner_ = take(elements(p.F, p.type));
    size_t most = 0;
    for (const Z2RowLinear& shape :
         {projectQkv({}), projectOutput({}), gateUp({}), down({}), head()})
      most = std::max(most, parts.rowLinearWorkspace(context, &shape));
    rowWorkspace_ = take(most);
  }

  [[nodiscard]] size_t workspaceBytes() const { return bytes_; }

  [[nodiscard]] Z2Status run() const {
    const Z2EmbeddingForward embed = {.out = residual_,
                                      .table = p_.embedding,
                                      .tokens = p_.tokens,
                                      .N = p_.B,
                                      .C = p_.C,
                                      .V = p_.V,
                                      .outType = p_.residualType,
                                      .tableType = p_.type};
    Z2Status status = parts_.embeddingForward(context_, &embed);
    for (int64_t i = 0; i < p_.L && status == Z2_OK; ++i) status = runLayer(p_.layers[i]);
    return status == Z2_OK ? run(head()) : status;
  }

 private:
  [[nodiscard]] int64_t packed() const { return (p_.Hq + 2 * p_.Hkv) * p_.D; }

  [[nodiscard]] Z2RowLinear linear(void* out, const void* x, const void* weight, int64_t N,
                                   int64_t K) const {
    return {.out = out,
            .x = x,
            .weight = weight,
            .bias = nullptr,
            .normWeight = nullptr,
            .M = p_.B,
            .N = N,
            .K = K,
            .eps = p_.eps,
            .swiglu = 0,
            .accumulate = 0,
            .type = p_.type,
            .xType = p_.type,
            .outType = p_.type,
            .workspace = rowWorkspace_};
  }
  // Of the residual stream after a norm.
  [[nodiscard]] Z2RowLinear normed(void* out, const void* norm, const void* weight,
                                   int64_t N) const {
    Z2RowLinear a = linear(out, residual_, weight, N, p_.C);
    a.xType = p_.residualType;
    a.normWeight = norm;
    return a;
  }
  // Onto the residual stream.
  [[nodiscard]] Z2RowLinear added(const void* x, const void* weight, int64_t K) const {
    Z2RowLinear a = linear(residual_, x, weight, p_.C, K);
    a.outType = p_.residualType;
    a.accumulate = 1;
    return a;
  }

  [[nodiscard]] Z2RowLinear projectQkv(const Z2DecodeLayer& layer) const {
    Z2RowLinear a = normed(qkv_, layer.attentionNorm, layer.qkv, packed());
    a.bias = layer.qkvBias;
    return a;
  }
  [[nodiscard]] Z2AttentionStep attend(const Z2DecodeLayer& layer) const {
    return {.out = attended_,
            .qkv = qkv_,
            .keys = layer.keys,
            .values = layer.values,
            .positions = p_.positions,
            .cosine = p_.cosine,
            .sine = p_.sine,
            .B = p_.B,
            .Hq = p_.Hq,
            .Hkv = p_.Hkv,
            .D = p_.D,
            .capacity = p_.capacity,
            .scale = p_.scale,
            .type = p_.type,
            .workspace = attentionWorkspace_};
  }
  [[nodiscard]] Z2RowLinear projectOutput(const Z2DecodeLayer& layer) const {
    Z2RowLinear a = added(attended_, layer.output, p_.Hq * p_.D);
    a.bias = layer.outputBias;
    return a;
  }
  [[nodiscard]] Z2RowLinear gateUp(const Z2DecodeLayer& layer) const {
    Z2RowLinear a = normed(inner_, layer.mlpNorm, layer.gateUp, 2 * p_.F);
    a.swiglu = 1;
    return a;
  }
  [[nodiscard]] Z2RowLinear down(const Z2DecodeLayer& layer) const {
    return added(inner_, layer.down, p_.F);
  }
  [[nodiscard]] Z2RowLinear head() const {
    Z2RowLinear a = normed(p_.logits, p_.finalNorm, p_.head, p_.V);
    a.outType = Z2_F32;
    return a;
  }

  [[nodiscard]] Z2Status run(const Z2RowLinear& a) const { return parts_.rowLinear(context_, &a); }
  [[nodiscard]] Z2Status runLayer(const Z2DecodeLayer& layer) const {
    Z2Status status = run(projectQkv(layer));
    const Z2AttentionStep attention = attend(layer);
    if (status == Z2_OK) status = parts_.attentionStep(context_, &attention);
    if (status == Z2_OK) status = run(projectOutput(layer));
    if (status == Z2_OK) status = run(gateUp(layer));
    return status == Z2_OK ? run(down(layer)) : status;
  }

  Z2Context* context_;
  const Z2DecodeStep& p_;
  DecodeStepParts parts_;
  size_t bytes_ = 0;
  void *attentionWorkspace_ = nullptr, *rowWorkspace_ = nullptr;
  void *residual_ = nullptr, *qkv_ = nullptr, *attended_ = nullptr, *inner_ = nullptr;
};

}  // namespace z2
