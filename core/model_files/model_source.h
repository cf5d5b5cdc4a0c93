#pragma once

// What a user may name as a model: a run directory (its newest checkpoint that verifies), a
// checkpoint directory (RUN/ckpt/step_N, or what `model import` made), a Hugging Face directory, or
// low-rank adapters in a PEFT directory.
//
// A checkpoint or directory of adapters is the model that they make of their base: its weights are
// read merged. The base is found where it was when they were trained, or as RUN/origin/…, and is
// refused when its weights are not those of the training.
//
// A checkpoint holds the weights as tensors "model:NAME", NAME as Hugging Face spells it, fp32. Its
// shape stands in its state ("hf_config": a config.json, or "config": the run's), else in the
// run.json of the run that it lies in.

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "core/base/error.h"
#include "core/io/tensor_view.h"
#include "core/model/llama.h"
#include "core/model/parameters.h"
#include "core/model_files/adapter_files.h"
#include "core/model_files/hf_config.h"

namespace z2 {

// Before a tensor's name in a checkpoint.
inline constexpr std::string_view kModelPrefix = "model:";
// Beside the manifest of an imported checkpoint: the tokenizer that came with the model.
inline constexpr std::string_view kTokenizerFolder = "tokenizer";

enum class ModelKind { kRun, kCheckpoint, kHfDirectory, kAdapters };
[[nodiscard]] std::string_view nameOf(ModelKind kind);  // "run", "checkpoint", "hf", "adapters"

// What can be said without reading weights.
struct ModelDescription {
  ModelKind kind = ModelKind::kRun;
  std::filesystem::path path;                      // as named
  HfConfig config;                                 // token ids only where a config.json gives them
  std::optional<std::filesystem::path> tokenizer;  // where the model's tokenizer is
};
[[nodiscard]] Result<ModelDescription> describeModel(const std::filesystem::path& path);

// A model whose weights are verified (checkpoints by checksum) and mapped. Thread-safe for reading.
class ModelSource {
 public:
  [[nodiscard]] static Result<ModelSource> open(const std::filesystem::path& path);
  ModelSource(ModelSource&&) noexcept;
  ModelSource& operator=(ModelSource&&) noexcept;
  ~ModelSource();

  [[nodiscard]] const ModelDescription& description() const;
  [[nodiscard]] const LlamaConfig& config() const { return description().config.model; }
  // Where the weights lie: the checkpoint's folder or the Hugging Face directory.
  [[nodiscard]] const std::filesystem::path& weightsFolder() const;
  // The adapters that are merged into the weights, or null; their values by readAdapter.
  [[nodiscard]] const AdapterOrigin* adapters() const;
  [[nodiscard]] Result<void> readAdapter(const AdapterTensor& tensor,
                                         std::span<float> values) const;
  // A tensor of a layout of config(), as stored; lives as long as this. Not with adapters.
  [[nodiscard]] const TensorView& view(const HfTensor& tensor) const;
  // Its fp32 values; values.size() == tensor.size.
  [[nodiscard]] Result<void> readTensor(const HfTensor& tensor, std::span<float> values) const;

 private:
  struct Impl;
  explicit ModelSource(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

// XXH3-128 over names, shapes and fp32 values of all weights: the same for a model in whatever
// files and types it is kept without rounding.
[[nodiscard]] Result<std::string> weightsHash(const ModelSource& source);

// Where a model named `path` is now: there, or, when the run that holds `folder` (a checkpoint, or
// the run) was moved, in its own origin/.
[[nodiscard]] std::filesystem::path locateBase(const std::string& path,
                                               const std::filesystem::path& folder);

// Writes all weights of the source into a model. Where the shapes differ, kBadInput names the first
// tensor that does not fit.
[[nodiscard]] Result<void> loadWeights(const ModelSource& source, Llama& model);

}  // namespace z2
