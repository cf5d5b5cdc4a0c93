#include "core/model_files/gguf/gguf_names.h"

#include <algorithm>
#include <array>
#include <utility>

#include "core/base/check.h"

namespace z2 {

namespace {

using Name = std::pair<std::string_view, std::string_view>;

constexpr std::array kOutside = {
    Name{"model.embed_tokens", "token_embd"},
    Name{"model.norm", "output_norm"},
    Name{"lm_head", "output"},
};
constexpr std::array kInLayer = {
    Name{"input_layernorm", "attn_norm"},    Name{"self_attn.q_proj", "attn_q"},
    Name{"self_attn.k_proj", "attn_k"},      Name{"self_attn.v_proj", "attn_v"},
    Name{"self_attn.o_proj", "attn_output"}, Name{"post_attention_layernorm", "ffn_norm"},
    Name{"mlp.gate_proj", "ffn_gate"},       Name{"mlp.up_proj", "ffn_up"},
    Name{"mlp.down_proj", "ffn_down"},
};

std::string_view look(std::span<const Name> names, std::string_view module) {
  const auto found = std::ranges::find(names, module, &Name::first);
  Z2_CHECK(found != names.end(), module);
  return found->second;
}

}  // namespace

std::string_view ggufArchitecture(const LlamaConfig& config) {
  return config.hasQkvBias && !config.hasOutputBias ? "qwen2" : "llama";
}

std::string ggufTensorName(std::string_view name) {
  constexpr std::string_view kLayers = "model.layers.";
  const size_t dot = name.rfind('.');
  const std::string_view suffix = name.substr(dot);  // ".weight" or ".bias"
  std::string_view module = name.substr(0, dot);
  if (!module.starts_with(kLayers))
    return std::string(look(kOutside, module)) + std::string(suffix);
  module.remove_prefix(kLayers.size());
  const size_t end = module.find('.');
  return "blk." + std::string(module.substr(0, end)) + "." +
         std::string(look(kInLayer, module.substr(end + 1))) + std::string(suffix);
}

int64_t permutedHeads(std::string_view hfName, const LlamaConfig& config) {
  if (ggufArchitecture(config) != "llama") return 0;
  if (hfName.find(".q_proj.") != std::string_view::npos) return config.numAttentionHeads;
  if (hfName.find(".k_proj.") != std::string_view::npos) return config.numKeyValueHeads;
  return 0;
}

namespace {

// Each head's rows d and d + D/2 to 2 d and 2 d + 1, or back.
void permute(std::span<float> values, const std::vector<int64_t>& shape, int64_t heads,
             bool isBack) {
  const auto width = static_cast<size_t>(shape.size() == 1 ? 1 : shape[1]);
  const auto half = static_cast<size_t>(shape[0] / heads / 2);
  std::vector<float> head(2 * half * width);
  for (auto rest = values; !rest.empty(); rest = rest.subspan(head.size())) {
    std::ranges::copy(rest.first(head.size()), head.begin());
    for (size_t d = 0; d < half; ++d)
      for (const size_t upper : {size_t{0}, size_t{1}}) {
        const size_t apart = (d + upper * half) * width;
        const size_t beside = (2 * d + upper) * width;
        std::copy_n(head.data() + (isBack ? beside : apart), width,
                    rest.data() + (isBack ? apart : beside));
      }
  }
}

}  // namespace

void permuteForNeighbours(std::span<float> values, const std::vector<int64_t>& shape,
                          int64_t heads) {
  permute(values, shape, heads, false);
}

void permuteFromNeighbours(std::span<float> values, const std::vector<int64_t>& shape,
                           int64_t heads) {
  permute(values, shape, heads, true);
}

}  // namespace z2
