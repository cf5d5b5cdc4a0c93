#pragma once

// A model from what a user named, ready to compute.

#include <cstdint>
#include <filesystem>
#include <string>

#include "core/base/error.h"
#include "core/model/llama.h"
#include "core/model_files/model_source.h"
#include "core/train/device.h"

namespace z2 {

// "fp32", "bf16" or "fp16"; kUsage otherwise.
[[nodiscard]] Result<DType> parseComputeType(const std::string& name);

// `options` as for Llama::create; the weights are those of `source`.
[[nodiscard]] Result<Llama> loadModel(const ModelSource& source, const LlamaOptions& options,
                                      const Device& device);

}  // namespace z2
