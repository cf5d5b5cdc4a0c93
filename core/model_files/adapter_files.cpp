#include "core/model_files/adapter_files.h"

#include <algorithm>
#include <cstdint>
#include <map>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "core/io/new_folder.h"
#include "core/model_files/element_conversion.h"

namespace z2 {

namespace fs = std::filesystem;

namespace {

constexpr const char* kConfigName = "adapter_config.json";
constexpr const char* kWeightsName = "adapter_model.safetensors";
// In the metadata of adapter_model.safetensors; PEFT passes it over.
constexpr const char* kBaseHash = "z2_base";

bool isNothing(const Json& config, const char* key) {
  const auto found = config.find(key);
  if (found == config.end() || found->is_null()) return true;
  if (found->is_boolean()) return !found->get<bool>();
  return (found->is_object() || found->is_array()) && found->empty();
}

Result<void> checkMethod(const Json& config, const std::string& where) {
  const auto textOf = [&](const char* key) {
    const auto found = config.find(key);
    return found != config.end() && found->is_string() ? found->get<std::string>() : std::string();
  };
  if (textOf("peft_type") != "LORA")
    return badInput(where,
                    fmt::format("its method is \"{}\"; only LORA is known", textOf("peft_type")));
  if (const std::string bias = textOf("bias"); !bias.empty() && bias != "none")
    return badInput(where, "it trained biases too (bias \"" + bias + "\"), which is not known");
  for (const char* key :
       {"use_dora", "rank_pattern", "alpha_pattern", "modules_to_save", "fan_in_fan_out",
        "layers_to_transform", "trainable_token_indices", "lora_bias", "layer_replication",
        "target_parameters", "use_qalora", "use_bdlora", "alora_invocation_tokens", "arrow_config"})
    if (!isNothing(config, key))
      return badInput(where, fmt::format("\"{}\" is set, which is not known", key),
                      "Merge the adapters with the program that made them, and use the model");
  return {};
}

Result<LoraConfig> readConfig(const Json& config, const std::string& where) {
  LoraConfig lora;
  const auto number = [&](const char* key, double otherwise) {
    const auto found = config.find(key);
    return found != config.end() && found->is_number() ? found->get<double>() : otherwise;
  };
  const double rank = number("r", 0);
  lora.alpha = number("lora_alpha", 8);
  lora.dropout = number("lora_dropout", 0);
  lora.isRankStabilised = !isNothing(config, "use_rslora");
  if (rank < 1 || rank > 65'536 || rank != static_cast<double>(static_cast<int64_t>(rank)))
    return badInput(where, fmt::format("\"r\" is {}, which is no rank", rank));
  lora.rank = static_cast<int64_t>(rank);
  return lora;
}

// The matrices that have adapters, by what the file holds; target_modules may be a pattern.
std::vector<LoraTarget> targetsIn(const SafetensorsFile& weights) {
  std::vector<LoraTarget> targets;
  for (const LoraTarget target : kAllLoraTargets) {
    const std::string part = fmt::format(".{}.lora_A.", nameOf(target));
    const bool isThere = std::ranges::any_of(weights.entries(), [&](const SafetensorsEntry& entry) {
      return entry.name.find(part) != std::string::npos;
    });
    if (isThere) targets.push_back(target);
  }
  return targets;
}

std::vector<std::string> namesOf(const std::vector<LoraTarget>& targets) {
  std::vector<std::string> names;
  for (const LoraTarget target : targets) names.emplace_back(nameOf(target));
  return names;
}

Json configOf(const AdapterOrigin& origin) {
  return {{"base_model_name_or_path", origin.base},
          {"bias", "none"},
          {"fan_in_fan_out", false},
          {"inference_mode", true},
          {"init_lora_weights", true},
          {"lora_alpha", origin.lora.alpha},
          {"lora_dropout", origin.lora.dropout},
          {"modules_to_save", nullptr},
          {"peft_type", "LORA"},
          {"r", origin.lora.rank},
          {"target_modules", namesOf(origin.lora.targets)},
          {"task_type", "CAUSAL_LM"},
          {"use_rslora", origin.lora.isRankStabilised}};
}

}  // namespace

Json toJson(const AdapterOrigin& origin) {
  return {{"rank", origin.lora.rank},
          {"alpha", origin.lora.alpha},
          {"dropout", origin.lora.dropout},
          {"rslora", origin.lora.isRankStabilised},
          {"targets", namesOf(origin.lora.targets)},
          {"base", origin.base},
          {"base_hash", origin.baseHash}};
}

Result<AdapterOrigin> parseAdapterOrigin(const Json& value, std::string_view where) {
  AdapterOrigin origin;
  const auto fits = [&](const char* key, bool (Json::*is)() const noexcept) {
    return value.is_object() && value.contains(key) && (value[key].*is)();
  };
  if (!fits("rank", &Json::is_number_integer) || !fits("alpha", &Json::is_number) ||
      !fits("rslora", &Json::is_boolean) || !fits("targets", &Json::is_array) ||
      !fits("base", &Json::is_string) || !fits("base_hash", &Json::is_string))
    return badInput(std::string(where), "its record of the adapters is not complete");
  origin.lora.rank = value["rank"].get<int64_t>();
  origin.lora.alpha = value["alpha"].get<double>();
  origin.lora.isRankStabilised = value["rslora"].get<bool>();
  if (fits("dropout", &Json::is_number)) origin.lora.dropout = value["dropout"].get<double>();
  for (const Json& name : value["targets"]) {
    const auto target = name.is_string() ? parseLoraTarget(name.get<std::string>()) : std::nullopt;
    if (!target) return badInput(std::string(where), "its adapters' matrices are not known");
    origin.lora.targets.push_back(*target);
  }
  origin.base = value["base"].get<std::string>();
  origin.baseHash = value["base_hash"].get<std::string>();
  return origin;
}

bool PeftDirectory::isOne(const fs::path& folder) {
  std::error_code ignored;
  return fs::exists(folder / kConfigName, ignored);
}

Result<PeftDirectory> PeftDirectory::open(const fs::path& folder) {
  const std::string where = (folder / kConfigName).native();
  Z2_TRY(const Json config, readJsonFile(where));
  if (!config.is_object()) return badInput(where, "this is no JSON object");
  Z2_TRY_VOID(checkMethod(config, where));
  AdapterOrigin origin;
  Z2_TRY(origin.lora, readConfig(config, where));
  Z2_TRY(SafetensorsFile weights, SafetensorsFile::open(folder / kWeightsName));
  origin.lora.targets = targetsIn(weights);
  if (origin.lora.targets.empty())
    return badInput(weights.path().native(), "it holds no adapter of a matrix that is known");
  if (const auto base = config.find("base_model_name_or_path");
      base != config.end() && base->is_string())
    origin.base = base->get<std::string>();
  if (const auto hash = weights.metadata().find(kBaseHash); hash != weights.metadata().end())
    origin.baseHash = hash->second;
  return PeftDirectory(std::move(origin), std::move(weights));
}

Result<void> PeftDirectory::check(const AdapterLayout& layout) const {
  const std::string where = weights_.path().native();
  const std::string fix = "The adapters belong to another model";
  for (const AdapterTensor& tensor : layout.tensors()) {
    const SafetensorsEntry* const entry = weights_.find(tensor.name);
    if (entry == nullptr) return badInput(where, "tensor \"" + tensor.name + "\" is missing", fix);
    if (!std::ranges::equal(entry->shape, tensor.shape,
                            [](uint64_t a, int64_t b) { return a == static_cast<uint64_t>(b); }))
      return badInput(
          where,
          fmt::format("tensor \"{}\" has the shape [{}] where the model needs [{}]", tensor.name,
                      fmt::join(entry->shape, ", "), fmt::join(tensor.shape, ", ")),
          fix);
  }
  for (const SafetensorsEntry& entry : weights_.entries()) {
    const bool isKnown = std::ranges::any_of(
        layout.tensors(), [&](const AdapterTensor& tensor) { return tensor.name == entry.name; });
    if (!isKnown)
      return badInput(where, "tensor \"" + entry.name + "\" has no place in the model", fix);
  }
  return {};
}

Result<void> PeftDirectory::read(const AdapterTensor& tensor, std::span<float> values) const {
  const SafetensorsEntry* const entry = weights_.find(tensor.name);
  if (entry == nullptr)
    return badInput(weights_.path().native(), "tensor \"" + tensor.name + "\" is missing");
  Z2_TRY(const TensorView view, weights_.view(*entry));
  widen(view.type, view.bytes, values);
  return {};
}

Result<void> writePeftDirectory(const fs::path& folder, const AdapterOrigin& origin,
                                const AdapterLayout& layout, const AdapterReader& read) {
  Z2_TRY(NewFolder place, NewFolder::begin(folder));
  std::vector<std::vector<float>> values;
  std::vector<TensorView> views;
  values.reserve(layout.tensors().size());  // the views point into it
  for (const AdapterTensor& tensor : layout.tensors()) {
    values.emplace_back(static_cast<size_t>(tensor.size));
    Z2_TRY_VOID(read(tensor, values.back()));
    views.push_back(
        {tensor.name, DType::kF32, tensor.shape, std::as_bytes(std::span(values.back()))});
  }
  std::map<std::string, std::string> metadata = {{"format", "pt"}};
  if (!origin.baseHash.empty()) metadata[kBaseHash] = origin.baseHash;
  Z2_TRY_VOID(writeSafetensors(place.path() / kWeightsName, views, metadata));
  Z2_TRY_VOID(writeJsonFile(place.path() / kConfigName, configOf(origin)));
  return place.commit();
}

}  // namespace z2
