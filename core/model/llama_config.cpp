#include "core/model/llama_config.h"

#include <string>

#include <fmt/format.h>

namespace z2 {

namespace {

Result<RopeScaling> parseRopeScaling(const std::string& name) {
  if (name == "none") return RopeScaling::kNone;
  if (name == "linear") return RopeScaling::kLinear;
  if (name == "dynamic") return RopeScaling::kDynamic;
  return badInput("model.rope_scaling.type", fmt::format("\"{}\" is not known", name),
                  "Use none, linear or dynamic.");
}

std::string_view nameOf(RopeScaling scaling) {
  switch (scaling) {
    case RopeScaling::kNone:
      return "none";
    case RopeScaling::kLinear:
      return "linear";
    case RopeScaling::kDynamic:
      return "dynamic";
  }
  return "";
}

Result<void> requirePositive(std::string_view key, int64_t value) {
  if (value > 0) return {};
  return badInput(fmt::format("model.{}", key), fmt::format("{} is not positive", value),
                  "Give a number of at least 1.");
}

Result<void> requireProbability(std::string_view key, double value) {
  if (value >= 0 && value < 1) return {};
  return badInput(fmt::format("model.{}", key), fmt::format("{} is not in [0, 1)", value),
                  "Give a share below 1; 0 switches it off.");
}

}  // namespace

Result<LlamaConfig> LlamaConfig::preset(std::string_view name) {
  LlamaConfig config;
  if (name == "tiny") return config;
  if (name == "z2-124m") {
    config.vocabSize = 50'304;
    config.hiddenSize = 768;
    config.intermediateSize = 2048;
    config.numHiddenLayers = 12;
    config.numAttentionHeads = config.numKeyValueHeads = 12;
    config.maxPositionEmbeddings = 1024;
    return config;
  }
  if (name != "z2-1.1b" && name != "z2-1.7b") {
    return badInput("model.preset", fmt::format("\"{}\" is not a preset", name),
                    "Use tiny, z2-124m, z2-1.1b or z2-1.7b.");
  }
  const bool isLarger = name == "z2-1.7b";
  config.vocabSize = 64'320;
  config.hiddenSize = 2048;
  config.intermediateSize = 5632;
  config.numHiddenLayers = isLarger ? 32 : 22;
  config.numAttentionHeads = isLarger ? 16 : 32;
  config.numKeyValueHeads = 8;
  config.headDim = isLarger ? 128 : 64;
  config.maxPositionEmbeddings = 2048;
  config.tieWordEmbeddings = false;
  config.hasQkvBias = config.hasOutputBias = isLarger;
  return config;
}

Result<LlamaConfig> LlamaConfig::fromRunConfig(const RunConfig& run) {
  LlamaConfig config;
  config.vocabSize = run.integer("model.vocab_size");
  config.hiddenSize = run.integer("model.hidden_size");
  config.intermediateSize = run.integer("model.intermediate_size");
  config.numHiddenLayers = run.integer("model.num_hidden_layers");
  config.numAttentionHeads = run.integer("model.num_attention_heads");
  config.numKeyValueHeads = run.integer("model.num_key_value_heads");
  config.headDim = run.integer("model.head_dim");
  if (config.headDim == 0 && config.numAttentionHeads > 0) {
    if (config.hiddenSize % config.numAttentionHeads != 0) {
      return badInput("model.num_attention_heads",
                      fmt::format("{} heads do not divide the hidden size {}",
                                  config.numAttentionHeads, config.hiddenSize),
                      "Choose a divisor, or give model.head_dim.");
    }
    config.headDim = config.hiddenSize / config.numAttentionHeads;
  }
  config.maxPositionEmbeddings = run.integer("model.max_position_embeddings");
  config.ropeTheta = run.real("model.rope_theta");
  Z2_TRY(config.ropeScaling, parseRopeScaling(run.text("model.rope_scaling.type")));
  config.ropeScalingFactor = run.real("model.rope_scaling.factor");
  config.rmsNormEps = run.real("model.rms_norm_eps");
  config.tieWordEmbeddings = run.flag("model.tie_word_embeddings");
  config.hasOutputBias = run.flag("model.attention_bias");
  config.hasQkvBias = config.hasOutputBias || run.flag("model.qkv_bias");
  config.attentionDropout = run.real("model.attention_dropout");
  config.residualDropout = run.real("model.residual_dropout");
  config.residualFp32 = run.flag("model.residual_fp32");
  config.initializerRange = run.real("model.initializer_range");
  config.fused = {.attention = run.flag("fused.attention"),
                  .rope = run.flag("fused.rope"),
                  .crossEntropy = run.flag("fused.cross_entropy"),
                  .rmsNorm = run.flag("fused.rms_norm"),
                  .swiglu = run.flag("fused.swiglu"),
                  .adamw = run.flag("fused.adamw")};
  Z2_TRY_VOID(config.validate());
  return config;
}

Json LlamaConfig::toKeys() const {
  return {
      {"model.vocab_size", vocabSize},
      {"model.hidden_size", hiddenSize},
      {"model.intermediate_size", intermediateSize},
      {"model.num_hidden_layers", numHiddenLayers},
      {"model.num_attention_heads", numAttentionHeads},
      {"model.num_key_value_heads", numKeyValueHeads},
      {"model.head_dim", headDim},
      {"model.max_position_embeddings", maxPositionEmbeddings},
      {"model.rope_theta", ropeTheta},
      {"model.rope_scaling.type", nameOf(ropeScaling)},
      {"model.rope_scaling.factor", ropeScaling == RopeScaling::kNone ? 1.0 : ropeScalingFactor},
      {"model.rms_norm_eps", rmsNormEps},
      {"model.tie_word_embeddings", tieWordEmbeddings},
      {"model.attention_bias", hasOutputBias},
      {"model.qkv_bias", hasQkvBias && !hasOutputBias},
      {"model.attention_dropout", attentionDropout},
      {"model.residual_dropout", residualDropout},
      {"model.residual_fp32", residualFp32},
      {"model.initializer_range", initializerRange}};
}

Result<void> LlamaConfig::validate() const {
  Z2_TRY_VOID(requirePositive("vocab_size", vocabSize));
  Z2_TRY_VOID(requirePositive("hidden_size", hiddenSize));
  Z2_TRY_VOID(requirePositive("intermediate_size", intermediateSize));
  Z2_TRY_VOID(requirePositive("num_hidden_layers", numHiddenLayers));
  Z2_TRY_VOID(requirePositive("num_attention_heads", numAttentionHeads));
  Z2_TRY_VOID(requirePositive("num_key_value_heads", numKeyValueHeads));
  Z2_TRY_VOID(requirePositive("head_dim", headDim));
  Z2_TRY_VOID(requirePositive("max_position_embeddings", maxPositionEmbeddings));
  Z2_TRY_VOID(requireProbability("attention_dropout", attentionDropout));
  Z2_TRY_VOID(requireProbability("residual_dropout", residualDropout));
  if (headDim % 2 != 0) {
    return badInput("model.head_dim", fmt::format("{} is odd", headDim),
                    "RoPE rotates pairs: give an even head size.");
  }
  if (numAttentionHeads % numKeyValueHeads != 0) {
    return badInput("model.num_key_value_heads",
                    fmt::format("{} key/value heads do not divide {} attention heads",
                                numKeyValueHeads, numAttentionHeads),
                    "Choose a divisor of model.num_attention_heads.");
  }
  if (hasOutputBias && !hasQkvBias) {
    return badInput("model.attention_bias", "a bias on o alone is not supported",
                    "Have biases on q, k, v and o, on q, k and v, or none.");
  }
  if (!(ropeTheta > 0)) {
    return badInput("model.rope_theta", fmt::format("{} is not positive", ropeTheta),
                    "The usual value is 10000.");
  }
  if (!(ropeScalingFactor >= 1)) {
    return badInput("model.rope_scaling.factor", fmt::format("{} is below 1", ropeScalingFactor),
                    "Give by how much the context is stretched, at least 1.");
  }
  if (!(rmsNormEps > 0)) {
    return badInput("model.rms_norm_eps", fmt::format("{} is not positive", rmsNormEps),
                    "The usual value is 1e-5.");
  }
  return {};
}

int64_t LlamaConfig::matmulParameterCount() const {
  const int64_t perLayer =
      hiddenSize * (qkvWidth() + attentionWidth()) + 3 * hiddenSize * intermediateSize;
  return numHiddenLayers * perLayer + vocabSize * hiddenSize;
}

int64_t LlamaConfig::parameterCount() const {
  int64_t perLayer = 2 * hiddenSize;
  if (hasQkvBias) perLayer += qkvWidth();
  if (hasOutputBias) perLayer += hiddenSize;
  const int64_t embedding = tieWordEmbeddings ? 0 : vocabSize * hiddenSize;
  return matmulParameterCount() + numHiddenLayers * perLayer + hiddenSize + embedding;
}

StepFlops flopsPerToken(const LlamaConfig& config, int64_t sequenceLength, int64_t adapters) {
  const double perWeight = adapters > 0 ? 4.0 : 6.0;
  const double matmuls = perWeight * static_cast<double>(config.matmulParameterCount()) +
                         6.0 * static_cast<double>(adapters);
  const double scores = static_cast<double>(config.numHiddenLayers) *
                        static_cast<double>(config.attentionWidth()) *
                        static_cast<double>(sequenceLength);
  return {.full = matmuls + 12.0 * scores, .causal = matmuls + 6.0 * scores};
}

}  // namespace z2
