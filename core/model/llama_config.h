#pragma once

// The shape of a model with Llama-2's structure, and what follows from it alone: parameters and
// floating-point operations. Field names are Hugging Face's (config.json).

#include <cstdint>
#include <string_view>

#include "core/base/error.h"
#include "core/config/run_config.h"
#include "core/io/json.h"

namespace z2 {

enum class RopeScaling { kNone, kLinear, kDynamic };

// Which operations run as one pass; off: by separate passes, for the ablation.
struct FusedSwitches {
  bool attention = true;
  bool rope = true;
  bool crossEntropy = true;
  bool rmsNorm = true;
  bool swiglu = true;
  bool adamw = true;

  bool operator==(const FusedSwitches&) const = default;
};

// A value type. The defaults are the preset "tiny".
struct LlamaConfig {
  int64_t vocabSize = 8000;
  int64_t hiddenSize = 320;
  int64_t intermediateSize = 864;
  int64_t numHiddenLayers = 6;
  int64_t numAttentionHeads = 5;
  int64_t numKeyValueHeads = 5;
  int64_t headDim = 64;  // even; hiddenSize / numAttentionHeads in most models
  int64_t maxPositionEmbeddings = 256;
  double ropeTheta = 10000.0;
  RopeScaling ropeScaling = RopeScaling::kNone;
  double ropeScalingFactor = 1.0;
  double rmsNormEps = 1e-5;
  bool tieWordEmbeddings = true;
  bool hasQkvBias = false;  // Llama's attention_bias is both, Qwen2 has this one alone
  bool hasOutputBias = false;
  double attentionDropout = 0.0;
  double residualDropout = 0.0;
  bool residualFp32 = false;
  double initializerRange = 0.02;
  FusedSwitches fused;

  // tiny | z2-124m | z2-1.1b | z2-1.7b.
  [[nodiscard]] static Result<LlamaConfig> preset(std::string_view name);
  [[nodiscard]] static Result<LlamaConfig> fromRunConfig(const RunConfig& run);
  // The way back: every key under "model." but preset and init_from, flat, for RunConfig::make. The
  // factor of a scaling that is off is 1. A model with a bias on o alone has no keys (validate()
  // refuses it).
  [[nodiscard]] Json toKeys() const;
  // What no engine can run is named with its key.
  [[nodiscard]] Result<void> validate() const;

  bool operator==(const LlamaConfig&) const = default;

  [[nodiscard]] int64_t qkvWidth() const {
    return (numAttentionHeads + 2 * numKeyValueHeads) * headDim;
  }
  [[nodiscard]] int64_t attentionWidth() const { return numAttentionHeads * headDim; }
  [[nodiscard]] int64_t parameterCount() const;  // a tied head counts once
  // Weights that take part in a matmul: the LM head does (tied or not), the embedding look-up does
  // not.
  [[nodiscard]] int64_t matmulParameterCount() const;
};

// Forward and backward, per token, in both conventions of counting attention: over the whole square
// of scores (12 L H D s) or over the half that a causal mask leaves (6 L H D s).
struct StepFlops {
  double full = 0;
  double causal = 0;
};
// `adapters`, where only those are trained: their parameters. Frozen weights have no gradient,
// which is a third of their share.
[[nodiscard]] StepFlops flopsPerToken(const LlamaConfig& config, int64_t sequenceLength,
                                      int64_t adapters = 0);

}  // namespace z2
