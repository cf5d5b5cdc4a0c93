#pragma once

// The oracle of the engine's gradients: the same model written with LibTorch's operations in fp64,
// differentiated by its autograd. No LibTorch header is needed to use it.

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "core/data/batch_sampler.h"
#include "core/model/llama_config.h"

namespace z2 {

using TensorValues = std::map<std::string, std::vector<float>>;  // by Hugging Face name

struct AutogradResult {
  double lossSum = 0;                                // over valid targets
  std::map<std::string, std::vector<double>> grads;  // of lossSum × gradScale
  std::vector<double> logits;                        // [rows, columns, V]
};

// Without dropout. `weights` holds every tensor of the configuration.
AutogradResult autogradLlama(const LlamaConfig& config, const TensorValues& weights,
                             const Batch& batch, double gradScale);

}  // namespace z2
