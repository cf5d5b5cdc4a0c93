#pragma once

// config.json of a Hugging Face directory: LlamaForCausalLM and Qwen2ForCausalLM, as transformers 4
// and 5 spell it.

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "core/base/dtype.h"
#include "core/base/error.h"
#include "core/io/json.h"
#include "core/model/llama_config.h"

namespace z2 {

struct HfConfig {
  LlamaConfig model;
  std::optional<int64_t> bosId;
  std::vector<int64_t> eosIds;  // whatever of them comes ends a generation
  std::optional<int64_t> padId;
};

// A setting that changes the mathematics and that the engine lacks (another architecture or
// activation, MLP biases, a sliding window in use, other kinds of RoPE scaling, quantization) is
// named and refused; what only concerns training or speed is ignored. `where` names the file.
[[nodiscard]] Result<HfConfig> readHfConfig(const Json& config, std::string_view where);

// A config that transformers 4 and 5 read alike: RoPE in both spellings. `type` is that of the
// weights beside it. Biases on q, k, v alone make it a Qwen2ForCausalLM. kBadInput for a shape that
// neither architecture can express (an output bias alone).
[[nodiscard]] Result<Json> writeHfConfig(const HfConfig& config, DType type);
// generation_config.json for the same model.
[[nodiscard]] Json writeHfGenerationConfig(const HfConfig& config);

}  // namespace z2
