#include "core/model/adapters.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include <fmt/format.h>

namespace z2 {

namespace {

constexpr ParameterKind kAdaptedKinds[] = {ParameterKind::kQkv, ParameterKind::kOutput,
                                           ParameterKind::kGateUp, ParameterKind::kDown};

int64_t roundUp(int64_t value, int64_t multiple) {
  return (value + multiple - 1) / multiple * multiple;
}

// The targets of a fused matrix with their rows, in the order of the rows.
std::vector<std::pair<LoraTarget, int64_t>> partsOf(const LlamaConfig& config, ParameterKind kind) {
  const int64_t keys = config.numKeyValueHeads * config.headDim;
  switch (kind) {
    case ParameterKind::kQkv:
      return {{LoraTarget::kQ, config.attentionWidth()},
              {LoraTarget::kK, keys},
              {LoraTarget::kV, keys}};
    case ParameterKind::kOutput:
      return {{LoraTarget::kO, config.hiddenSize}};
    case ParameterKind::kGateUp:
      return {{LoraTarget::kGate, config.intermediateSize},
              {LoraTarget::kUp, config.intermediateSize}};
    default:
      return {{LoraTarget::kDown, config.hiddenSize}};
  }
}

int64_t inputOf(const LlamaConfig& config, ParameterKind kind) {
  if (kind == ParameterKind::kOutput) return config.attentionWidth();
  return kind == ParameterKind::kDown ? config.intermediateSize : config.hiddenSize;
}

std::string moduleOf(int64_t layer, LoraTarget target) {
  const std::string_view part = target <= LoraTarget::kO ? "self_attn" : "mlp";
  return fmt::format("model.layers.{}.{}.{}", layer, part, nameOf(target));
}

}  // namespace

AdapterLayout::AdapterLayout(const LlamaConfig& config, const LoraConfig& lora) : lora_(lora) {
  if (!lora.isOn()) return;
  for (int64_t layer = 0; layer < config.numHiddenLayers; ++layer)
    for (const ParameterKind kind : kAdaptedKinds) addGroup(config, kind, layer);
}

void AdapterLayout::addGroup(const LlamaConfig& config, ParameterKind kind, int64_t layer) {
  AdapterGroup group{.kind = kind, .layer = layer, .columns = inputOf(config, kind)};
  for (const auto& [target, rows] : partsOf(config, kind)) {
    if (lora_.has(target))
      group.blocks.push_back({.target = target, .rowBegin = group.rows, .rows = rows});
    group.rows += rows;
  }
  if (group.blocks.empty()) return;
  const int64_t rank = lora_.rank;
  group.width = roundUp(static_cast<int64_t>(group.blocks.size()) * rank, kAdapterWidth);
  group.offset = size_;
  size_ = roundUp(size_ + group.width * group.columns, kParameterAlignment);
  for (size_t i = 0; i < group.blocks.size(); ++i) {
    AdapterBlock& block = group.blocks[i];
    block.offset = size_;
    size_ = roundUp(size_ + block.rows * rank, kParameterAlignment);
    const std::string module = moduleOf(layer, block.target);
    const auto add = [&](const char* name, std::vector<int64_t> shape, int64_t offset) {
      const int64_t size = shape[0] * shape[1];
      tensors_.push_back({.name = fmt::format("base_model.model.{}.{}.weight", module, name),
                          .target = module + ".weight",
                          .shape = std::move(shape),
                          .isA = std::string_view(name) == "lora_A",
                          .offset = offset,
                          .size = size});
      parameters_ += size;
    };
    add("lora_A", {rank, group.columns},
        group.offset + static_cast<int64_t>(i) * rank * group.columns);
    add("lora_B", {block.rows, rank}, block.offset);
  }
  groups_.push_back(std::move(group));
}

const AdapterGroup* AdapterLayout::find(ParameterKind kind, int64_t layer) const {
  const auto found = std::ranges::find_if(groups_, [&](const AdapterGroup& group) {
    return group.kind == kind && group.layer == layer;
  });
  return found == groups_.end() ? nullptr : &*found;
}

}  // namespace z2
