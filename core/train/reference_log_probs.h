#pragma once

// The log probabilities that a reference model gives to all answers of preference data: computed
// once, before the training, with the training's own model in which the reference's weights lie for
// that time, and kept on disk, so that no second model is ever in memory.
//
// RUN/reference-KEY.safetensors has one data set's: "log_probs" [pairs, 2] fp32, chosen and
// rejected; NaN for pairs that are never drawn. KEY is the hash of the reference's weights and
// settings and of the data. Runs beside RUN are looked through for a file of the same key first.

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "core/base/error.h"
#include "core/data/dpo_sampler.h"
#include "core/model/llama.h"

namespace z2 {

class ReferenceLogProbs {
 public:
  ReferenceLogProbs() = default;
  // [2 × pairs], chosen and rejected of each in turn, in the numbering of DpoSampler.
  explicit ReferenceLogProbs(std::vector<float> values) : values_(std::move(values)) {}

  [[nodiscard]] double chosen(uint64_t pair) const { return values_[2 * pair]; }
  [[nodiscard]] double rejected(uint64_t pair) const { return values_[2 * pair + 1]; }
  [[nodiscard]] const std::vector<float>& values() const { return values_; }

 private:
  std::vector<float> values_;
};

struct ReferenceRequest {
  DpoSamplerOptions data;     // of the training or the validation; a mixture is taken set by set
  std::filesystem::path run;  // where files are kept
  std::string model;          // what identifies weights and settings of the reference
};

struct ReferenceReport {
  int computed = 0;  // data sets
  int found = 0;     // on disk
};

// `load` gives the model with the reference's weights in it; called when something is to be
// computed. `onBatch` after each batch.
[[nodiscard]] Result<ReferenceLogProbs> referenceLogProbs(
    const ReferenceRequest& request, const std::function<Result<Llama*>()>& load,
    const std::function<void()>& onBatch, ReferenceReport& report);

}  // namespace z2
