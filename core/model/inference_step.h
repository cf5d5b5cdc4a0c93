#pragma once

// One new position for each of a few rows, through all layers: what generation repeats for every
// token. It reads tokens and positions where they lie on the device, so it can be recorded once and
// run again.

#include <cstdint>
#include <vector>

#include "core/base/error.h"
#include "core/model/blocks.h"
#include "core/model/llama_config.h"
#include "kernels/ops.h"

namespace z2 {

// Buffers of a step over up to `rows` rows; of the computation's type where nothing else is said.
struct StepBuffers {
  int32_t* tokens = nullptr;     // [rows]
  int32_t* positions = nullptr;  // [rows], each below `capacity`
  float* logits = nullptr;       // [rows, V]
  int32_t* chosen = nullptr;     // [rows]: the most likely tokens, -1 where no logit is a number
  std::vector<void*> keys;       // by layer: [rows, capacity, Hkv D]
  std::vector<void*> values;
  int64_t capacity = 0;
  RopeOnDevice rope;          // of `capacity` positions
  void* workspace = nullptr;  // zero before its first use
};

// Refers to what it is made of; cheap to make.
class InferenceStep {
 public:
  InferenceStep(const LlamaConfig& config, const Blocks& blocks, const Z2Ops& ops,
                StepBuffers buffers)
      : config_(config), blocks_(blocks), ops_(ops), buffers_(std::move(buffers)) {}

  // For steps of up to `rows` rows.
  [[nodiscard]] int64_t workspaceBytes(int64_t rows) const;

  // tokens -> logits, each row's key and value at its position in the caches.
  [[nodiscard]] Result<void> run(int64_t rows) const;
  // Then the most likely token of each row becomes its token, one position on.
  [[nodiscard]] Result<void> runGreedy(int64_t rows) const;

 private:
  [[nodiscard]] std::vector<Z2DecodeLayer> layers() const;
  [[nodiscard]] Z2DecodeStep step(const std::vector<Z2DecodeLayer>& layers, int64_t rows) const;

  const LlamaConfig& config_;
  Blocks blocks_;
  const Z2Ops& ops_;
  StepBuffers buffers_;
};

}  // namespace z2
