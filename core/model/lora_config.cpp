#include "core/model/lora_config.h"

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

namespace z2 {

std::string_view nameOf(LoraTarget target) {
  constexpr std::string_view kNames[] = {"q_proj",    "k_proj",  "v_proj",   "o_proj",
                                         "gate_proj", "up_proj", "down_proj"};
  return kNames[static_cast<size_t>(target)];
}

std::optional<LoraTarget> parseLoraTarget(std::string_view name) {
  for (const LoraTarget target : kAllLoraTargets)
    if (nameOf(target) == name) return target;
  return std::nullopt;
}

bool LoraConfig::has(LoraTarget target) const {
  return std::ranges::find(targets, target) != targets.end();
}

float LoraConfig::scale() const {
  const auto r = static_cast<double>(rank);
  return static_cast<float>(alpha / (isRankStabilised ? std::sqrt(r) : r));
}

Result<LoraConfig> LoraConfig::fromRunConfig(const RunConfig& run) {
  LoraConfig config;
  if (run.task() == Task::kPretrain) return config;
  config.rank = run.integer("lora.rank");
  config.alpha = run.real("lora.alpha");
  config.dropout = run.real("lora.dropout");
  config.isRankStabilised = run.flag("lora.rslora");
  for (const std::string& name : run.list("lora.targets")) {
    const auto target = parseLoraTarget(name);
    if (!target)
      return badInput("lora.targets", "there is no matrix \"" + name + "\"",
                      "Use q_proj, k_proj, v_proj, o_proj, gate_proj, up_proj or down_proj");
    config.targets.push_back(*target);
  }
  std::ranges::sort(config.targets);
  config.targets.erase(std::unique(config.targets.begin(), config.targets.end()),
                       config.targets.end());
  return config;
}

}  // namespace z2
