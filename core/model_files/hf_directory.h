#pragma once

// A Hugging Face model directory: config.json, generation_config.json, and model.safetensors or the
// shards of model.safetensors.index.json.

#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/error.h"
#include "core/io/safetensors.h"
#include "core/model/parameters.h"
#include "core/model_files/hf_config.h"

namespace z2 {

// Whether `folder` looks like one: it has a config.json with "architectures" or "model_type".
[[nodiscard]] bool isHfDirectory(const std::filesystem::path& folder);

// config.json, and the end tokens of generation_config.json.
[[nodiscard]] Result<HfConfig> readHfDirectoryConfig(const std::filesystem::path& folder);

// The weights, mapped and compared with the config: every tensor of the layout is there once, with
// its shape, as F32, BF16 or F16, and no other (but the unused head of a tied model and RoPE's
// buffers of old files). Thread-safe for reading; views live as long as it.
class HfWeights {
 public:
  [[nodiscard]] static Result<HfWeights> open(const std::filesystem::path& folder,
                                              const LlamaConfig& config);

  // `name` must be one of the layout's (Z2_CHECK).
  [[nodiscard]] const TensorView& tensor(std::string_view name) const;

 private:
  HfWeights() = default;

  std::vector<SafetensorsFile> files_;
  std::map<std::string, TensorView, std::less<>> tensors_;
};

}  // namespace z2
