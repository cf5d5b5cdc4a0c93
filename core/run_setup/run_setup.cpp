#include "core/run_setup/run_setup.h"

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "core/config/schema.h"
#include "core/data/data_manifest.h"
#include "core/data/data_mixture.h"
#include "core/model_files/adapter_files.h"
#include "core/model_files/hf_config.h"
#include "core/model_files/model_source.h"
#include "core/run/run_directory.h"
#include "core/run_setup/sample_fit.h"

namespace z2 {

namespace fs = std::filesystem;

namespace {

// Longer sequences are the user's choice: they cost memory.
constexpr int64_t kUsualSequence = 2048;
// Models round their vocabulary up for the matmul's sake; more than this is no rounding.
constexpr int64_t kUsualVocabPadding = 512;

std::string absolutePath(const std::string& path) {
  std::error_code failure;
  const fs::path absolute = fs::absolute(path, failure);
  return failure ? path : absolute.lexically_normal().native();
}

std::string absoluteMixture(const std::vector<WeightedPrefix>& sets) {
  std::string text;
  for (const WeightedPrefix& set : sets) {
    if (!text.empty()) text += ',';
    if (set.weight > 0) text += fmt::format("{}:", set.weight);
    text += absolutePath(set.prefix);
  }
  return text;
}

bool isMixture(std::string_view key) { return key == "data.train" || key == "data.valid"; }

Result<std::vector<std::string>> absolutePaths(const RunConfig& config) {
  std::vector<std::string> settings;
  for (const Field& field : schema()) {
    if (field.type != FieldType::kPath || !field.appliesTo(config.task())) continue;
    const std::string& path = config.text(field.key);
    if (path.empty()) continue;
    std::string absolute;
    if (isMixture(field.key)) {
      auto sets = parseMixture(path);
      if (!sets) {
        Error error = std::move(sets).error();
        error.where = std::string(field.key);
        return tl::unexpected(std::move(error));
      }
      absolute = absoluteMixture(*sets);
    } else {
      absolute = absolutePath(path);
    }
    settings.push_back(std::string(field.key) + "=" + absolute);
  }
  return settings;
}

// Largest vocabulary that the sets behind `key` were made with; 0: not known.
Result<int64_t> checkData(const RunConfig& config, std::string_view key) {
  int64_t vocabulary = 0;
  Z2_TRY(const auto sets, parseMixture(config.text(key)));
  for (const WeightedPrefix& set : sets) {
    std::error_code ignored;
    for (const char* suffix : {".bin", ".idx"})
      if (!fs::exists(set.prefix + suffix, ignored))
        return badInput(std::string(key), "there is no file " + set.prefix + suffix,
                        "Make it with `z2all data tokenize --output " + set.prefix + "`");
    Z2_TRY(const auto manifest, DataManifest::read(set.prefix));
    if (!manifest) continue;
    if (manifest->task != nameOf(config.task()))
      return badInput(std::string(key),
                      fmt::format("{} holds {} data but the run's task is {}", set.prefix,
                                  manifest->task, nameOf(config.task())),
                      "Give data that `z2all data tokenize --task` made for this task");
    vocabulary = std::max(vocabulary, manifest->vocabSize);
  }
  return vocabulary;
}

Result<void> checkTuning(const RunConfig& config, std::vector<std::string>& notes) {
  if (config.integer("lora.rank") > 0 && config.text("model.init_from").empty())
    return badInput("model.init_from", "is empty, and adapters need a model that they are added to",
                    "Name a run, a checkpoint or a Hugging Face directory, or set lora.rank=0");
  if (config.integer("lora.rank") > 0 && config.isDefault("optim.lr"))
    notes.push_back(
        fmt::format("optim.lr is {}, as for training all weights; adapters usually take "
                    "ten times as much",
                    config.real("optim.lr")));
  return checkSamples(config, notes);
}

Json keysOf(const RunConfig& config) {
  Json keys = Json::object();
  for (const Field& field : schema())
    if (field.group == FieldGroup::kModel && field.key != "model.preset" &&
        field.key != "model.init_from")
      keys[std::string(field.key)] = config.value(field.key);
  return keys;
}

void flatten(const Json& nested, const std::string& prefix, Json& flat) {
  for (const auto& [name, value] : nested.items()) {
    const std::string key = prefix.empty() ? name : prefix + "." + name;
    if (value.is_object() && findField(key) == nullptr)
      flatten(value, key, flat);
    else
      flat[key] = value;
  }
}

bool isSet(std::string_view key, const Json& flat, const std::vector<std::string>& settings) {
  return flat.contains(key) || std::any_of(settings.begin(), settings.end(), [&](const auto& text) {
           return text.starts_with(std::string(key) + "=");
         });
}

// Before anything is validated, for the shape decides what is valid.
std::string initFromOf(const Json& flat, const std::vector<std::string>& settings) {
  constexpr std::string_view kSetting = "model.init_from=";
  std::string source;
  if (const auto found = flat.find("model.init_from"); found != flat.end() && found->is_string())
    source = found->get<std::string>();
  for (const std::string& setting : settings)
    if (setting.starts_with(kSetting)) source = setting.substr(kSetting.size());
  return source;
}

// `flat` with the shape of model.init_from beneath it.
Result<Json> withShape(const Json& flat, const std::vector<std::string>& settings,
                       std::vector<std::string>& notes) {
  const std::string source = initFromOf(flat, settings);
  if (source.empty()) return flat;
  Z2_TRY(Json all, shapeOf(source));
  if (!isSet("model.preset", flat, settings)) all["model.preset"] = "custom";
  if (!isSet("data.seq_len", flat, settings))
    all["data.seq_len"] =
        std::min(all["model.max_position_embeddings"].get<int64_t>(), kUsualSequence);
  if (!isSet("tokenizer.path", flat, settings))
    if (const auto described = describeModel(absolutePath(source));
        described && described->tokenizer)
      all["tokenizer.path"] = described->tokenizer->native();
  all.update(flat);
  notes.push_back("the model's shape is that of " + source);
  return all;
}

}  // namespace

Result<Json> shapeOf(const std::string& initFrom) {
  const fs::path path = absolutePath(initFrom);
  for (const fs::path& run : {path, path.parent_path().parent_path()}) {
    if (!RunDirectory::exists(run)) continue;
    Z2_TRY(const RunDirectory directory, RunDirectory::open(run));
    return keysOf(directory.config());
  }
  std::error_code ignored;
  const fs::path config = path / "config.json";
  if (fs::exists(config, ignored)) {
    Z2_TRY(const Json content, readJsonFile(config));
    Z2_TRY(const HfConfig hf, readHfConfig(content, config.native()));
    return hf.model.toKeys();
  }
  if (fs::exists(path / "manifest.json", ignored)) {
    Z2_TRY(const Json manifest, readJsonFile(path / "manifest.json"));
    const Json state = manifest.is_object() ? manifest.value("state", Json()) : Json();
    if (state.is_object() && state.contains("hf_config")) {
      Z2_TRY(const HfConfig hf, readHfConfig(state["hf_config"], path.native()));
      return hf.model.toKeys();
    }
  }
  if (PeftDirectory::isOne(path)) {
    Z2_TRY(const ModelDescription described, describeModel(path));
    return described.config.model.toKeys();
  }
  return badInput("model.init_from",
                  path.native() +
                      " is neither a run, a checkpoint, a Hugging Face directory nor "
                      "adapters",
                  "Give a directory that holds run.json, config.json with model.safetensors, or "
                  "adapter_config.json");
}

Result<RunSetup> prepareRun(Task task, const Json& values,
                            const std::vector<std::string>& settings) {
  std::vector<std::string> notes;
  Json flat = Json::object();
  if (values.is_object())
    flatten(values, "", flat);
  else if (!values.is_null())
    return badInput("", "the configuration must be a JSON object");
  Z2_TRY(const Json shaped, withShape(flat, settings, notes));
  Z2_TRY(const RunConfig asked, RunConfig::make(task, shaped, settings));
  std::vector<std::string> all = settings;
  Z2_TRY(const auto paths, absolutePaths(asked));
  all.insert(all.end(), paths.begin(), paths.end());
  Z2_TRY(RunConfig config, RunConfig::make(task, shaped, all));
  Z2_TRY_VOID(config.checkRequired());

  int64_t vocabulary = 0;
  for (const std::string_view key : {"data.train", "data.valid"}) {
    if (config.text(key).empty()) continue;
    Z2_TRY(const int64_t needed, checkData(config, key));
    vocabulary = std::max(vocabulary, needed);
  }
  if (vocabulary > config.integer("model.vocab_size")) {
    if (isSet("model.vocab_size", shaped, settings))
      return badInput("model.vocab_size",
                      fmt::format("{} is less than the {} tokens the data was made with",
                                  config.integer("model.vocab_size"), vocabulary),
                      "Raise it, or use data made with the model's own tokenizer");
    all.push_back(fmt::format("model.vocab_size={}", vocabulary));
    notes.push_back(fmt::format("model.vocab_size is {}, as the data's tokenizer has", vocabulary));
    Z2_TRY(config, RunConfig::make(task, shaped, all));
  }
  const int64_t unused = config.integer("model.vocab_size") - vocabulary;
  if (vocabulary > 0 && unused > kUsualVocabPadding && config.text("model.init_from").empty())
    notes.push_back(
        fmt::format("model.vocab_size is {} and the data's tokenizer has {}: {} rows of the "
                    "embedding are never "
                    "trained (model.vocab_size={} leaves them out)",
                    config.integer("model.vocab_size"), vocabulary, unused, vocabulary));
  if (task != Task::kPretrain) Z2_TRY_VOID(checkTuning(config, notes));
  std::error_code ignored;
  if (const auto& path = config.text("tokenizer.path"); !path.empty() && !fs::exists(path, ignored))
    return badInput("tokenizer.path", "there is no " + path, "Check the path");
  if (task != Task::kPretrain && config.text("model.init_from").empty())
    notes.emplace_back("model.init_from is not set: training starts from random weights");
  return RunSetup{std::move(config), std::move(notes)};
}

}  // namespace z2
