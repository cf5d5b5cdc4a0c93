#include "core/run_import/log_facts.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/config/schema.h"
#include "core/model/llama_config.h"

namespace z2 {

namespace {

constexpr std::array<std::string_view, 4> kPresets = {"tiny", "z2-124m", "z2-1.1b", "z2-1.7b"};

int64_t matrixParameters(const LlamaConfig& model) {
  const int64_t embedding = model.tieWordEmbeddings ? 0 : model.vocabSize * model.hiddenSize;
  return model.matmulParameterCount() + embedding;
}

// What the preset says of the model alone; its precision and its length are the run's own.
void addPreset(LogFacts& facts) {
  const std::string_view name = facts.preset();
  if (name.empty()) return;
  facts.config["model.preset"] = name;
  for (const auto& [key, value] : presetValues(name).items()) {
    // Whether there are biases shows in the number of the other parameters, and positions do not
    // show at all.
    if (key.starts_with("model.") && key != "model.attention_bias" &&
        key != "model.max_position_embeddings")
      facts.config[key] = value;
  }
}

// The smallest distance of two neighbours.
std::optional<int64_t> intervalOf(const std::vector<int64_t>& steps) {
  std::optional<int64_t> interval;
  for (size_t i = 1; i < steps.size(); ++i)
    if (steps[i] > steps[i - 1])
      interval = std::min(interval.value_or(INT64_MAX), steps[i] - steps[i - 1]);
  return interval;
}

// A rate that rises from the first step on, stays or falls afterwards: its peak, and when.
void addWarmup(LogFacts& facts) {
  const std::vector<double>& rates = facts.learningRates;
  size_t peak = 0;
  while (peak + 1 < rates.size() && rates[peak + 1] > rates[peak]) ++peak;
  const bool isPeak = peak + 1 < rates.size() &&
                      std::all_of(rates.begin() + static_cast<ptrdiff_t>(peak), rates.end(),
                                  [&](double rate) { return rate <= rates[peak]; });
  if (!isPeak) return;
  facts.config["optim.lr"] = rates[peak];
  if (peak > 0) facts.config["optim.warmup_steps"] = static_cast<int64_t>(peak) + 1;
}

}  // namespace

std::string_view LogFacts::preset() const {
  for (const std::string_view name : kPresets) {
    const auto model = LlamaConfig::preset(name);
    if (model && decayedParameters == matrixParameters(*model)) return name;
  }
  return {};
}

Result<KnownConfig> configFrom(LogFacts& facts, int64_t lastStep) {
  addPreset(facts);
  addWarmup(facts);
  if (const auto interval = intervalOf(facts.evaluations))
    facts.config["train.eval_interval"] = *interval;
  if (const auto interval = intervalOf(facts.checkpoints))
    facts.config["train.checkpoint_interval"] = *interval;
  // Fillers, so that a valid configuration can hold what is known.
  Json values = {{"train.steps", std::max<int64_t>(lastStep, 1)}};
  if (facts.preset().empty()) values["model.preset"] = "custom";
  if (const auto length = facts.config.find("data.seq_len");
      length != facts.config.end() && length->is_number_integer())
    values["model.max_position_embeddings"] = std::max<int64_t>(length->get<int64_t>(), 256);
  auto config = RunConfig::make(Task::kPretrain, values);
  if (!config) values = Json::object();
  std::vector<std::string> keys;
  for (const auto& [key, value] : facts.config.items()) {
    Json tried = values;
    tried[key] = value;
    auto next = RunConfig::make(Task::kPretrain, tried);
    if (!next) {
      facts.details[key] = value;
      continue;
    }
    config = std::move(next);
    values = std::move(tried);
    keys.push_back(key);
  }
  if (!config) {
    Z2_TRY(RunConfig plain, RunConfig::make(Task::kPretrain, Json::object()));
    return KnownConfig{.config = std::move(plain), .keys = {}};
  }
  return KnownConfig{.config = std::move(*config), .keys = std::move(keys)};
}

}  // namespace z2
