#pragma once

// What llama.cpp calls the tensors of a model, and in which order it wants the rows of q and k.

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/model/llama_config.h"

namespace z2 {

// "qwen2" for biases on q, k and v alone; else "llama".
[[nodiscard]] std::string_view ggufArchitecture(const LlamaConfig& config);

// "model.layers.3.self_attn.q_proj.weight" → "blk.3.attn_q.weight". `name` is one of
// ParameterLayout's (Z2_CHECK).
[[nodiscard]] std::string ggufTensorName(std::string_view name);

// RoPE rotates dimension d of a head with d + D/2 in Hugging Face's order. llama.cpp's "llama"
// rotates neighbours, so rows d and d + D/2 of q and k (weights and biases) go to 2 d and 2 d + 1;
// its "qwen2" does as Hugging Face. How many heads the tensor's rows are; 0: they stay as they are.
[[nodiscard]] int64_t permutedHeads(std::string_view hfName, const LlamaConfig& config);
void permuteForNeighbours(std::span<float> values, const std::vector<int64_t>& shape,
                          int64_t heads);
// The way back.
void permuteFromNeighbours(std::span<float> values, const std::vector<int64_t>& shape,
                           int64_t heads);

}  // namespace z2
