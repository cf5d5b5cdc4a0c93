#pragma once

#include <cstdint>
#include <vector>

#include "core/model/llama_config.h"

namespace z2 {

// Cosines and sines of the rotary embedding for positions 0 … positions - 1, as Hugging Face's
// transformers computes them (frequencies and angles rounded to fp32). Linear scaling divides
// positions by the factor; dynamic NTK raises theta once `sequenceLength` passes
// maxPositionEmbeddings (bloc97 and emozilla, 2023).
struct RopeTable {
  std::vector<float> cosine;  // [positions, headDim / 2]
  std::vector<float> sine;
};
[[nodiscard]] RopeTable makeRopeTable(const LlamaConfig& config, int64_t positions,
                                      int64_t sequenceLength);

// Whether the table depends on the sequence's length at all.
[[nodiscard]] inline bool isRopeDynamic(const LlamaConfig& config) {
  return config.ropeScaling == RopeScaling::kDynamic;
}

}  // namespace z2
