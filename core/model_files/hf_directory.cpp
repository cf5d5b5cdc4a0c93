#include "core/model_files/hf_directory.h"

#include <algorithm>
#include <set>
#include <string>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "core/base/check.h"
#include "core/io/json.h"
#include "core/io/limits.h"

namespace z2 {

namespace fs = std::filesystem;

namespace {

constexpr std::string_view kWhole = "model.safetensors";
constexpr std::string_view kIndex = "model.safetensors.index.json";
constexpr int64_t kAnyBuckets = INT64_MAX;  // the layout is asked for names and shapes only

// Which tensors to take from which file.
using NamesByFile = std::map<std::string, std::set<std::string>>;

bool isPlainName(const std::string& name) {
  return !name.empty() && name.front() != '.' && name.find('/') == std::string::npos;
}

Result<NamesByFile> readIndex(const fs::path& path) {
  Z2_TRY(const Json index, readJsonFile(path));
  const auto map = index.is_object() ? index.find("weight_map") : index.end();
  if (!index.is_object() || map == index.end() || !map->is_object())
    return badInput(path.native(), "\"weight_map\" is missing", "Fetch the file again");
  if (map->size() > limits::kTensors)
    return badInput(path.native(), "\"weight_map\" has too many entries");
  NamesByFile files;
  for (const auto& [tensor, file] : map->items()) {
    if (!file.is_string() || !isPlainName(file.get<std::string>()))
      return badInput(path.native(),
                      fmt::format("tensor \"{}\" is not in a file beside the index", tensor));
    files[file.get<std::string>()].insert(tensor);
  }
  return files;
}

Error noWeights(const fs::path& folder) {
  const bool hasPickle = fs::exists(folder / "pytorch_model.bin") ||
                         fs::exists(folder / "pytorch_model.bin.index.json");
  return badInput(folder.native(), "there is no model.safetensors and no index of shards",
                  hasPickle
                      ? "pytorch_model.bin is not read, since it may run code: save the model "
                        "as safetensors (save_pretrained of transformers does)"
                      : "Check that the download is complete")
      .value();
}

bool isUnused(std::string_view name, const LlamaConfig& config) {
  if (name == "lm_head.weight") return config.tieWordEmbeddings;
  return name.ends_with(".rotary_emb.inv_freq");
}

std::string shapeText(const std::vector<int64_t>& shape) {
  return fmt::format("[{}]", fmt::join(shape, ", "));
}

}  // namespace

bool isHfDirectory(const fs::path& folder) {
  const fs::path path = folder / "config.json";
  if (!fs::exists(path)) return false;
  const Result<Json> config = readJsonFile(path);
  return config && config->is_object() &&
         (config->contains("architectures") || config->contains("model_type"));
}

Result<HfConfig> readHfDirectoryConfig(const fs::path& folder) {
  const fs::path path = folder / "config.json";
  Z2_TRY(const Json json, readJsonFile(path));
  Z2_TRY(HfConfig config, readHfConfig(json, path.native()));
  const fs::path generation = folder / "generation_config.json";
  if (!fs::exists(generation)) return config;
  Z2_TRY(const Json settings, readJsonFile(generation));
  const auto eos = settings.is_object() ? settings.find("eos_token_id") : settings.end();
  if (!settings.is_object() || eos == settings.end()) return config;
  for (const Json& id : eos->is_array() ? *eos : Json::array({*eos}))
    if (id.is_number_integer() &&
        std::ranges::find(config.eosIds, id.get<int64_t>()) == config.eosIds.end())
      config.eosIds.push_back(id.get<int64_t>());
  return config;
}

Result<HfWeights> HfWeights::open(const fs::path& folder, const LlamaConfig& config) {
  HfWeights weights;
  NamesByFile files;
  if (fs::exists(folder / kIndex)) {
    Z2_TRY(files, readIndex(folder / kIndex));
  } else if (fs::exists(folder / kWhole)) {
    files[std::string(kWhole)] = {};
  } else {
    return tl::unexpected(noWeights(folder));
  }

  const ParameterLayout layout(config, kAnyBuckets);
  for (const auto& [name, listed] : files) {
    Z2_TRY(SafetensorsFile file, SafetensorsFile::open(folder / name));
    for (const std::string& tensor : listed)
      if (file.find(tensor) == nullptr)
        return badInput(
            file.path().native(),
            fmt::format("tensor \"{}\" is missing, which {} places here", tensor, kIndex),
            "Fetch the file again");
    for (const SafetensorsEntry& entry : file.entries()) {
      if (!listed.empty() && !listed.contains(entry.name)) continue;
      if (isUnused(entry.name, config)) continue;
      const HfTensor* expected = layout.findHfTensor(entry.name);
      if (expected == nullptr)
        return badInput(file.path().native(),
                        fmt::format("tensor \"{}\" has no place in the model that config.json "
                                    "describes",
                                    entry.name));
      Z2_TRY(TensorView view, file.view(entry));
      if (view.shape != expected->shape)
        return badInput(file.path().native(),
                        fmt::format("tensor \"{}\" has the shape {} where config.json needs {}",
                                    entry.name, shapeText(view.shape), shapeText(expected->shape)));
      weights.tensors_.emplace(entry.name, std::move(view));
    }
    weights.files_.push_back(std::move(file));
  }
  for (const HfTensor& tensor : layout.hfTensors())
    if (!weights.tensors_.contains(tensor.name))
      return badInput(folder.native(), fmt::format("tensor \"{}\" is missing", tensor.name),
                      "Check that all shards are there and belong to this config.json");
  return weights;
}

const TensorView& HfWeights::tensor(std::string_view name) const {
  const auto found = tensors_.find(name);
  Z2_CHECK(found != tensors_.end(), name);
  return found->second;
}

}  // namespace z2
