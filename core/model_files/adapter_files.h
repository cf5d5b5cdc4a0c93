#pragma once

// Low-rank adapters as PEFT keeps them: a folder with adapter_config.json and
// adapter_model.safetensors. They are worth something only with the model they were trained on, the
// base; its weights' hash stands in the metadata of our files.

#include <filesystem>
#include <functional>
#include <span>
#include <string>

#include "core/base/error.h"
#include "core/io/json.h"
#include "core/io/safetensors.h"
#include "core/model/adapters.h"

namespace z2 {

// Before an adapter tensor's name in a checkpoint.
inline constexpr std::string_view kAdapterPrefix = "lora:";

struct AdapterOrigin {
  LoraConfig lora;
  std::string base;      // base_model_name_or_path
  std::string baseHash;  // weightsHash of it; empty: not known
};

// As a checkpoint's state holds it.
[[nodiscard]] Json toJson(const AdapterOrigin& origin);
[[nodiscard]] Result<AdapterOrigin> parseAdapterOrigin(const Json& value, std::string_view where);

// Checked against nothing but itself; views are mapped. Thread-safe for reading.
class PeftDirectory {
 public:
  [[nodiscard]] static bool isOne(const std::filesystem::path& folder);
  // kBadInput for what the engine does not compute: other methods than LoRA, trained biases, DoRA,
  // ranks or scales that differ from matrix to matrix.
  [[nodiscard]] static Result<PeftDirectory> open(const std::filesystem::path& folder);

  [[nodiscard]] const AdapterOrigin& origin() const { return origin_; }
  // Every tensor of the layout is there with its shape, and no other.
  [[nodiscard]] Result<void> check(const AdapterLayout& layout) const;
  // Its fp32 values; only after check.
  [[nodiscard]] Result<void> read(const AdapterTensor& tensor, std::span<float> values) const;

 private:
  PeftDirectory(AdapterOrigin origin, SafetensorsFile weights)
      : origin_(std::move(origin)), weights_(std::move(weights)) {}

  AdapterOrigin origin_;
  SafetensorsFile weights_;
};

// Gives the fp32 values of one tensor.
using AdapterReader = std::function<Result<void>(const AdapterTensor&, std::span<float>)>;

// Makes `folder`, which must not be there or be empty; after an error nothing is left.
[[nodiscard]] Result<void> writePeftDirectory(const std::filesystem::path& folder,
                                              const AdapterOrigin& origin,
                                              const AdapterLayout& layout,
                                              const AdapterReader& read);

}  // namespace z2
