#pragma once

// Where every parameter lies in the flat buffers, and what it is called elsewhere.
//
// The flat buffers (fp32 master, compute weights, fp32 gradients, m, v) share one layout. Matrices
// come first, in the order in which backward completes their gradients: head, layers from the last
// to the first, embedding; then norms and biases. So a bucket's gradients are complete before the
// next one's, and weight decay covers one range: [0, decayEnd).
// q, k, v are one matrix and gate, up another; Hugging Face's tensors are row ranges of them.
// Gaps between parameters are zero and stay so.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/model/llama_config.h"

namespace z2 {

// Every offset is a multiple of this many elements: 128 bytes in bf16.
inline constexpr int64_t kParameterAlignment = 64;
// Every bucket begins and ends at a multiple of this, so that it divides among up to 128 ranks.
inline constexpr int64_t kBucketAlignment = 128 * kParameterAlignment;

enum class ParameterKind {
  kHead,
  kDown,
  kGateUp,
  kOutput,
  kQkv,
  kEmbedding,
  kFinalNorm,
  kMlpNorm,
  kAttentionNorm,
  kOutputBias,
  kQkvBias
};

struct Parameter {
  std::string name;  // "layers.3.qkv"
  ParameterKind kind = ParameterKind::kHead;
  int64_t layer = -1;  // -1: not of a layer
  int64_t rows = 0;    // of a vector: its length
  int64_t columns = 1;
  int64_t offset = 0;  // in elements, from the start of a flat buffer
  int bucket = 0;

  [[nodiscard]] bool isMatrix() const { return kind <= ParameterKind::kEmbedding; }
  [[nodiscard]] bool decays() const { return isMatrix(); }
  [[nodiscard]] int64_t size() const { return rows * columns; }
};

// A tensor under its Hugging Face name: rows [rowBegin, rowBegin + shape[0]) of a parameter.
struct HfTensor {
  std::string name;            // "model.layers.3.self_attn.k_proj.weight"
  std::vector<int64_t> shape;  // one or two dimensions
  int parameter = 0;           // index into ParameterLayout::parameters()
  int64_t rowBegin = 0;
  int64_t offset = 0;  // in elements, from the start of a flat buffer
  int64_t size = 0;    // in elements, contiguous
};

// A contiguous piece of the flat buffers whose gradients are reduced and stepped together.
struct Bucket {
  int64_t begin = 0;  // in elements
  int64_t end = 0;
  int lastParameter = 0;  // when its gradient is complete, the bucket is
};

// Immutable after construction.
class ParameterLayout {
 public:
  // A bucket closes when its fp32 gradients reach `bucketBytes`; at least one parameter each.
  ParameterLayout(const LlamaConfig& config, int64_t bucketBytes);

  [[nodiscard]] const std::vector<Parameter>& parameters() const { return parameters_; }
  [[nodiscard]] const std::vector<Bucket>& buckets() const { return buckets_; }
  // In the order of Hugging Face's state_dict; a tied head does not appear.
  [[nodiscard]] const std::vector<HfTensor>& hfTensors() const { return hfTensors_; }
  [[nodiscard]] const HfTensor* findHfTensor(std::string_view name) const;

  [[nodiscard]] int64_t size() const { return size_; }          // of a flat buffer, in elements
  [[nodiscard]] int64_t decayEnd() const { return decayEnd_; }  // where norms and biases begin
  // `layer` -1 for head, embedding and final norm; the parameter must exist (Z2_CHECK). For a tied
  // head, kHead gives the embedding.
  [[nodiscard]] int indexOf(ParameterKind kind, int64_t layer = -1) const;
  [[nodiscard]] int64_t offsetOf(ParameterKind kind, int64_t layer = -1) const {
    return parameters_[static_cast<size_t>(indexOf(kind, layer))].offset;
  }
  [[nodiscard]] bool has(ParameterKind kind, int64_t layer = -1) const;

 private:
  void addParameters(const LlamaConfig& config);
  void placeParameters(int64_t bucketBytes);
  void addHfTensors(const LlamaConfig& config);
  void addHfLayer(const LlamaConfig& config, int64_t layer);
  void addHfRows(std::string name, ParameterKind kind, int64_t layer, int64_t rowBegin,
                 int64_t rows);
  [[nodiscard]] int findIndex(ParameterKind kind, int64_t layer) const;

  std::vector<Parameter> parameters_;
  std::vector<Bucket> buckets_;
  std::vector<HfTensor> hfTensors_;
  std::vector<std::vector<int>> indexByLayer_;  // [layer + 1][kind], -1: there is none
  int64_t size_ = 0;
  int64_t decayEnd_ = 0;
  bool isTied_ = false;
};

}  // namespace z2
