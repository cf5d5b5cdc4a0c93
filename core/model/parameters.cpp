#include "core/model/parameters.h"

#include <algorithm>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "core/base/check.h"

namespace z2 {

namespace {

constexpr size_t kKinds = static_cast<size_t>(ParameterKind::kQkvBias) + 1;

int64_t roundUp(int64_t value, int64_t multiple) {
  return (value + multiple - 1) / multiple * multiple;
}

}  // namespace

ParameterLayout::ParameterLayout(const LlamaConfig& config, int64_t bucketBytes)
    : indexByLayer_(static_cast<size_t>(config.numHiddenLayers) + 1, std::vector<int>(kKinds, -1)),
      isTied_(config.tieWordEmbeddings) {
  addParameters(config);
  placeParameters(bucketBytes);
  addHfTensors(config);
}

void ParameterLayout::addParameters(const LlamaConfig& config) {
  const auto add = [this](std::string name, ParameterKind kind, int64_t layer, int64_t rows,
                          int64_t columns = 1) {
    indexByLayer_[static_cast<size_t>(layer + 1)][static_cast<size_t>(kind)] =
        static_cast<int>(parameters_.size());
    parameters_.push_back(
        {.name = std::move(name), .kind = kind, .layer = layer, .rows = rows, .columns = columns});
  };
  const int64_t C = config.hiddenSize;
  if (!isTied_) add("head", ParameterKind::kHead, -1, config.vocabSize, C);
  for (int64_t layer = config.numHiddenLayers - 1; layer >= 0; --layer) {
    const std::string prefix = fmt::format("layers.{}.", layer);
    add(prefix + "down", ParameterKind::kDown, layer, C, config.intermediateSize);
    add(prefix + "gate_up", ParameterKind::kGateUp, layer, 2 * config.intermediateSize, C);
    add(prefix + "output", ParameterKind::kOutput, layer, C, config.attentionWidth());
    add(prefix + "qkv", ParameterKind::kQkv, layer, config.qkvWidth(), C);
  }
  add("embedding", ParameterKind::kEmbedding, -1, config.vocabSize, C);

  // Small, and therefore last all together: they cost one bucket's end and save a range a layer.
  add("final_norm", ParameterKind::kFinalNorm, -1, C);
  for (int64_t layer = config.numHiddenLayers - 1; layer >= 0; --layer) {
    const std::string prefix = fmt::format("layers.{}.", layer);
    add(prefix + "mlp_norm", ParameterKind::kMlpNorm, layer, C);
    if (config.hasOutputBias) add(prefix + "output_bias", ParameterKind::kOutputBias, layer, C);
    if (config.hasQkvBias) {
      add(prefix + "qkv_bias", ParameterKind::kQkvBias, layer, config.qkvWidth());
    }
    add(prefix + "attention_norm", ParameterKind::kAttentionNorm, layer, C);
  }
}

void ParameterLayout::placeParameters(int64_t bucketBytes) {
  const int64_t bucketElements =
      std::max<int64_t>(1, bucketBytes / static_cast<int64_t>(sizeof(float)));
  int64_t offset = 0;
  buckets_.push_back({});
  for (size_t i = 0; i < parameters_.size(); ++i) {
    Parameter& parameter = parameters_[i];
    if (!parameter.isMatrix() && decayEnd_ == 0) decayEnd_ = offset;
    // Norms and biases share the last bucket with the embedding, whose gradient ends last.
    if (parameter.isMatrix() && offset - buckets_.back().begin >= bucketElements) {
      offset = roundUp(offset, kBucketAlignment);
      buckets_.back().end = offset;
      buckets_.push_back({.begin = offset});
    }
    parameter.offset = offset;
    parameter.bucket = static_cast<int>(buckets_.size()) - 1;
    buckets_.back().lastParameter = static_cast<int>(i);
    offset = roundUp(offset + parameter.size(), kParameterAlignment);
  }
  size_ = roundUp(offset, kBucketAlignment);
  buckets_.back().end = size_;
}

void ParameterLayout::addHfRows(std::string name, ParameterKind kind, int64_t layer,
                                int64_t rowBegin, int64_t rows) {
  const int index = indexOf(kind, layer);
  const Parameter& parameter = parameters_[static_cast<size_t>(index)];
  HfTensor tensor;
  tensor.name = std::move(name);
  tensor.parameter = index;
  tensor.rowBegin = rowBegin;
  tensor.shape = {rows};
  if (parameter.isMatrix()) tensor.shape.push_back(parameter.columns);
  tensor.offset = parameter.offset + rowBegin * parameter.columns;
  tensor.size = rows * parameter.columns;
  hfTensors_.push_back(std::move(tensor));
}

void ParameterLayout::addHfLayer(const LlamaConfig& config, int64_t layer) {
  const std::string prefix = fmt::format("model.layers.{}.", layer);
  const int64_t queries = config.attentionWidth();
  const int64_t keys = config.numKeyValueHeads * config.headDim;
  const int64_t F = config.intermediateSize;
  const auto addQkv = [&](ParameterKind kind, std::string_view suffix) {
    const std::string attention = prefix + "self_attn.";
    addHfRows(fmt::format("{}q_proj.{}", attention, suffix), kind, layer, 0, queries);
    addHfRows(fmt::format("{}k_proj.{}", attention, suffix), kind, layer, queries, keys);
    addHfRows(fmt::format("{}v_proj.{}", attention, suffix), kind, layer, queries + keys, keys);
  };
  addQkv(ParameterKind::kQkv, "weight");
  if (config.hasQkvBias) addQkv(ParameterKind::kQkvBias, "bias");
  addHfRows(prefix + "self_attn.o_proj.weight", ParameterKind::kOutput, layer, 0,
            config.hiddenSize);
  if (config.hasOutputBias) {
    addHfRows(prefix + "self_attn.o_proj.bias", ParameterKind::kOutputBias, layer, 0,
              config.hiddenSize);
  }
  addHfRows(prefix + "mlp.gate_proj.weight", ParameterKind::kGateUp, layer, 0, F);
  addHfRows(prefix + "mlp.up_proj.weight", ParameterKind::kGateUp, layer, F, F);
  addHfRows(prefix + "mlp.down_proj.weight", ParameterKind::kDown, layer, 0, config.hiddenSize);
  addHfRows(prefix + "input_layernorm.weight", ParameterKind::kAttentionNorm, layer, 0,
            config.hiddenSize);
  addHfRows(prefix + "post_attention_layernorm.weight", ParameterKind::kMlpNorm, layer, 0,
            config.hiddenSize);
}

void ParameterLayout::addHfTensors(const LlamaConfig& config) {
  addHfRows("model.embed_tokens.weight", ParameterKind::kEmbedding, -1, 0, config.vocabSize);
  for (int64_t layer = 0; layer < config.numHiddenLayers; ++layer) addHfLayer(config, layer);
  addHfRows("model.norm.weight", ParameterKind::kFinalNorm, -1, 0, config.hiddenSize);
  if (!isTied_) addHfRows("lm_head.weight", ParameterKind::kHead, -1, 0, config.vocabSize);
}

const HfTensor* ParameterLayout::findHfTensor(std::string_view name) const {
  const auto found = std::find_if(hfTensors_.begin(), hfTensors_.end(),
                                  [&](const HfTensor& tensor) { return tensor.name == name; });
  return found == hfTensors_.end() ? nullptr : &*found;
}

int ParameterLayout::findIndex(ParameterKind kind, int64_t layer) const {
  if (kind == ParameterKind::kHead && isTied_) kind = ParameterKind::kEmbedding;
  Z2_CHECK(layer >= -1 && layer + 1 < static_cast<int64_t>(indexByLayer_.size()));
  return indexByLayer_[static_cast<size_t>(layer + 1)][static_cast<size_t>(kind)];
}

int ParameterLayout::indexOf(ParameterKind kind, int64_t layer) const {
  const int index = findIndex(kind, layer);
  Z2_CHECK(index >= 0, "the model has no such parameter");
  return index;
}

bool ParameterLayout::has(ParameterKind kind, int64_t layer) const {
  return findIndex(kind, layer) >= 0;
}

}  // namespace z2
