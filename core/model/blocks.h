#pragma once

// The pieces of a layer, forward: what training and generation share. Each is one or two
// operations over N positions with the weights of one layer; buffers are the caller's.

#include <cstdint>
#include <functional>

#include "core/base/error.h"
#include "core/model/flat_buffers.h"
#include "core/model/fp8_linear.h"
#include "core/model/llama_config.h"
#include "core/model/parameters.h"
#include "kernels/ops.h"

namespace z2 {

// Device tables of core/model/rope_table.h.
struct RopeOnDevice {
  const float* cosine = nullptr;  // [positions, headDim / 2]
  const float* sine = nullptr;
  int64_t positions = 0;
};

// One RMSNorm with the residual add before it; see kernels/rms_norm.h.
struct NormBuffers {
  void* out = nullptr;  // null: codes of 8 bits, for the projection that reads it
  float* rstd = nullptr;
  void* residualOut = nullptr;  // null when delta is null
  const void* residualIn = nullptr;
  const void* delta = nullptr;
  Z2Dropout dropout = {};
};

// Called behind each product with a weight of the model, to add to `out` [N, rows of the weight]
// what else comes of `x` [N, columns of the weight].
using AfterLinear = std::function<Result<void>(void* out, const void* x, ParameterKind kind,
                                               int64_t layer, int64_t N)>;

// Refers to what it is made of; cheap to copy.
class Blocks {
 public:
  // `afterLinear` may be null. `fp8` takes the projections of the layers; null: they are products
  // of the computation's type.
  Blocks(const LlamaConfig& config, const ParameterLayout& layout, const FlatBuffers& buffers,
         const Z2Ops& ops, const AfterLinear* afterLinear = nullptr, const Fp8Linear* fp8 = nullptr)
      : config_(&config),
        layout_(&layout),
        buffers_(&buffers),
        ops_(&ops),
        afterLinear_(afterLinear),
        fp8_(fp8) {}

  [[nodiscard]] Z2DType type() const { return static_cast<Z2DType>(buffers_->type); }
  [[nodiscard]] Z2DType residualType() const { return config_->residualFp32 ? Z2_F32 : type(); }
  // In the computation's type.
  [[nodiscard]] const void* weight(ParameterKind kind, int64_t layer = -1) const;
  [[nodiscard]] float* gradient(ParameterKind kind, int64_t layer = -1) const;
  [[nodiscard]] const Parameter& parameter(ParameterKind kind, int64_t layer) const {
    return layout_->parameters()[static_cast<size_t>(layout_->indexOf(kind, layer))];
  }
  // The projection that reads a layer's norm.
  [[nodiscard]] static ParameterKind readerOf(ParameterKind norm) {
    return norm == ParameterKind::kAttentionNorm ? ParameterKind::kQkv : ParameterKind::kGateUp;
  }
  // A projection over N rows, for Fp8Linear.
  [[nodiscard]] Fp8Linear::Product product(ParameterKind kind, int64_t layer, int64_t N) const;

  // tokens [N] -> residual [N, C]
  [[nodiscard]] Result<void> embed(void* residual, const int32_t* tokens, int64_t N) const;
  [[nodiscard]] Result<void> norm(const NormBuffers& buffers, ParameterKind kind, int64_t layer,
                                  int64_t N) const;
  // x [N, C] -> qkv [N, qkvWidth], biased and rotated
  [[nodiscard]] Result<void> projectQkv(void* qkv, const void* x, const int32_t* positions,
                                        const RopeOnDevice& rope, int64_t layer, int64_t N) const;
  // attention [N, Hq D] -> out [N, C], biased
  [[nodiscard]] Result<void> projectOutput(void* out, const void* attention, int64_t layer,
                                           int64_t N) const;
  // x [N, C] -> gateUp [N, 2 F]; x null: in codes of 8 bits
  [[nodiscard]] Result<void> projectGateUp(void* gateUp, const void* x, int64_t layer,
                                           int64_t N) const;
  // gateUp [N, 2 F] -> inner [N, F] -> out [N, C]; inner null: in codes of 8 bits
  [[nodiscard]] Result<void> projectDown(void* out, void* inner, const void* gateUp, int64_t layer,
                                         int64_t N) const;
  // x [N, C] -> logits [N, V] of `outType`
  [[nodiscard]] Result<void> logits(void* out, const void* x, int64_t N, Z2DType outType) const;

 private:
  [[nodiscard]] Result<void> linear(void* out, const void* x, ParameterKind kind, int64_t layer,
                                    int64_t N, const void* bias, Z2DType outType,
                                    const char* name) const;

  const LlamaConfig* config_;
  const ParameterLayout* layout_;
  const FlatBuffers* buffers_;
  const Z2Ops* ops_;
  const AfterLinear* afterLinear_;
  const Fp8Linear* fp8_;
};

}  // namespace z2
