#pragma once

// A model from what a user named, ready to compute.

#include <cstdint>
#include <filesystem>
#include <string>

#include <CLI/App.hpp>

#include "core/base/error.h"
#include "core/model/llama.h"
#include "core/model_files/model_source.h"
#include "core/train/device.h"

namespace z2 {

// What a command that computes with a model is told of it.
struct ModelChoice {
  std::string model;
  std::string type = "fp32";
  std::string device = "cpu";
  int threads = 0;
};
// --model, --dtype, --device and --threads; `choice` must outlive the command.
void addModelChoice(CLI::App& command, ModelChoice& choice);

// "fp32", "bf16" or "fp16"; kUsage otherwise.
[[nodiscard]] Result<DType> parseComputeType(const std::string& name);

// `options` as for Llama::create; the weights are those of `source`.
[[nodiscard]] Result<Llama> loadModel(const ModelSource& source, const LlamaOptions& options,
                                      const Device& device);

}  // namespace z2
