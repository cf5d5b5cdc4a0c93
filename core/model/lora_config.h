#pragma once

// What low-rank adapters a model gets (LoRA, Hu et al., 2021): y = x W^T + s dropout(x) A^T B^T
// with W frozen, A [rank, in] and B [out, rank] trained. Names and values are those of PEFT's
// adapter_config.json.

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "core/base/error.h"
#include "core/config/run_config.h"

namespace z2 {

enum class LoraTarget { kQ, kK, kV, kO, kGate, kUp, kDown };
inline constexpr LoraTarget kAllLoraTargets[] = {
    LoraTarget::kQ,    LoraTarget::kK,  LoraTarget::kV,   LoraTarget::kO,
    LoraTarget::kGate, LoraTarget::kUp, LoraTarget::kDown};
[[nodiscard]] std::string_view nameOf(LoraTarget target);  // "q_proj", …
[[nodiscard]] std::optional<LoraTarget> parseLoraTarget(std::string_view name);

// A value type.
struct LoraConfig {
  int64_t rank = 0;  // 0: no adapters, all weights are trained
  double alpha = 16;
  double dropout = 0;  // of the adapters' input; q, k, v (and gate, up) of a layer share the mask
  // rsLoRA (Kalajdzievski, 2023): the scale falls with the rank's root, not with the rank.
  bool isRankStabilised = false;
  std::vector<LoraTarget> targets = {};  // ascending, each once

  [[nodiscard]] bool isOn() const { return rank > 0; }
  [[nodiscard]] bool has(LoraTarget target) const;
  [[nodiscard]] float scale() const;  // s
  bool operator==(const LoraConfig&) const = default;

  // Off for a task without lora.rank.
  [[nodiscard]] static Result<LoraConfig> fromRunConfig(const RunConfig& run);
};

}  // namespace z2
