#pragma once

// Where every matrix of the low-rank adapters lies in their flat buffers.
//
// Targets that are one fused matrix of the model (q, k, v; gate, up) are a group: their A matrices
// stand one below the other, so that all of them are one product with the input; their B matrices
// are spread block by block over one wide matrix, whose rows are the fused matrix's, for the other
// product. The flat buffers (fp32 master, computation's copy, gradients, m, v) hold the A of each
// group as one matrix and each B by itself, as files have them. Gaps are zero and stay so.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/model/llama_config.h"
#include "core/model/lora_config.h"
#include "core/model/parameters.h"

namespace z2 {

// One target's B within its group.
struct AdapterBlock {
  LoraTarget target = LoraTarget::kQ;
  int64_t rowBegin = 0;  // of the fused matrix
  int64_t rows = 0;
  int64_t offset = 0;  // of B [rows, rank], in elements of a flat buffer
};

// The adapters of one fused matrix of one layer.
struct AdapterGroup {
  ParameterKind kind = ParameterKind::kQkv;
  int64_t layer = 0;
  int64_t rows = 0;     // of the fused matrix: W of the wide B [rows, width]
  int64_t columns = 0;  // its input: A is [width, columns]
  int64_t width = 0;    // blocks × rank, rounded up to kAdapterWidth; the rows beyond are zero
  int64_t offset = 0;   // of A, in elements of a flat buffer
  std::vector<AdapterBlock> blocks = {};
};
inline constexpr int64_t kAdapterWidth = 16;

// A matrix as PEFT's adapter_model.safetensors has it: contiguous in the flat buffers.
struct AdapterTensor {
  std::string name;            // "base_model.model.model.layers.0.self_attn.q_proj.lora_A.weight"
  std::string target;          // the weight it is added to, by Hugging Face's name
  std::vector<int64_t> shape;  // A: [rank, in]; B: [out, rank]
  bool isA = true;
  int64_t offset = 0;
  int64_t size = 0;
};

// Immutable after construction. Empty when the configuration has no adapters.
class AdapterLayout {
 public:
  AdapterLayout(const LlamaConfig& config, const LoraConfig& lora);

  [[nodiscard]] const LoraConfig& lora() const { return lora_; }
  [[nodiscard]] const std::vector<AdapterGroup>& groups() const { return groups_; }
  // In the order of layers and targets, A before B.
  [[nodiscard]] const std::vector<AdapterTensor>& tensors() const { return tensors_; }
  // Null: that matrix has no adapters.
  [[nodiscard]] const AdapterGroup* find(ParameterKind kind, int64_t layer) const;
  [[nodiscard]] int64_t size() const { return size_; }  // of a flat buffer, in elements
  [[nodiscard]] int64_t parameterCount() const { return parameters_; }

 private:
  void addGroup(const LlamaConfig& config, ParameterKind kind, int64_t layer);

  LoraConfig lora_;
  std::vector<AdapterGroup> groups_;
  std::vector<AdapterTensor> tensors_;
  int64_t size_ = 0;
  int64_t parameters_ = 0;
};

}  // namespace z2
