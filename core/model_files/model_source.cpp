#include "core/model_files/model_source.h"

#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "core/base/check.h"
#include "core/checkpoint/checkpoint_store.h"
#include "core/model_files/element_conversion.h"
#include "core/model_files/hf_directory.h"
#include "core/run/run_directory.h"

namespace z2 {

namespace fs = std::filesystem;

namespace {

constexpr int64_t kAnyBuckets = INT64_MAX;  // the layout is asked for names and shapes only

bool isRun(const fs::path& path) { return RunDirectory::exists(path); }
bool isCheckpoint(const fs::path& path) { return fs::exists(path / "manifest.json"); }

bool hasTokenizer(const fs::path& folder) {
  std::error_code failure;
  for (const auto& entry : fs::directory_iterator(folder, failure)) {
    const std::string name = entry.path().filename().native();
    if (name.ends_with("tokenizer.json") || name.ends_with(".model")) return true;
  }
  return false;
}

std::optional<fs::path> tokenizerOf(const RunConfig& run, const fs::path& folder) {
  const std::string& named = run.text("tokenizer.path");
  if (named.empty()) return std::nullopt;
  const fs::path path(named);
  return path.is_absolute() || fs::exists(path) ? path : folder / path;
}

Result<void> describeRun(const fs::path& folder, ModelDescription& out) {
  Z2_TRY(const RunDirectory run, RunDirectory::open(folder));
  Z2_TRY(out.config.model, LlamaConfig::fromRunConfig(run.config()));
  out.tokenizer = tokenizerOf(run.config(), folder);
  return {};
}

// The shape of the model in a run's configuration as a checkpoint keeps it; other keys may belong
// to a task that this program does not know.
Result<void> describeState(const Json& config, const fs::path& folder, ModelDescription& out) {
  Json values = {{"model", config.value("model", Json::object())},
                 {"tokenizer", config.value("tokenizer", Json::object())},
                 {"data", {{"seq_len", config.value("data", Json::object()).value("seq_len", 8)}}}};
  values["model"].erase("init_from");
  Z2_TRY(const RunConfig run, RunConfig::make(Task::kPretrain, values));
  Z2_TRY(out.config.model, LlamaConfig::fromRunConfig(run));
  out.tokenizer = tokenizerOf(run, folder);
  return {};
}

// From the state that a checkpoint's manifest carries; its checksums are tested when weights are
// read.
Result<void> describeCheckpoint(const fs::path& folder, ModelDescription& out) {
  const fs::path path = folder / "manifest.json";
  Z2_TRY(const Json manifest, readJsonFile(path));
  const auto state = manifest.is_object() ? manifest.find("state") : manifest.end();
  const bool hasState = manifest.is_object() && state != manifest.end() && state->is_object();
  if (hasState && state->contains("hf_config")) {
    Z2_TRY(out.config, readHfConfig((*state)["hf_config"], path.native()));
    if (hasTokenizer(folder / kTokenizerFolder)) out.tokenizer = folder / kTokenizerFolder;
    return {};
  }
  const fs::path run = fs::weakly_canonical(folder).parent_path().parent_path();
  if (isRun(run)) return describeRun(run, out);
  if (hasState && state->contains("config") && (*state)["config"].is_object())
    return describeState((*state)["config"], folder, out);
  return badInput(folder.native(), "nothing says what shape this checkpoint's model has",
                  "Keep a checkpoint inside its run directory, or name the run");
}

// The view of each tensor of the config's layout, or an error that names the first that is missing
// or has another shape.
Result<void> checkTensors(const LoadedCheckpoint& checkpoint, const LlamaConfig& config) {
  const ParameterLayout layout(config, kAnyBuckets);
  for (const HfTensor& tensor : layout.hfTensors()) {
    const TensorView* view = checkpoint.find(std::string(kModelPrefix) + tensor.name);
    if (view == nullptr)
      return badInput(checkpoint.info().folder.native(),
                      fmt::format("tensor \"{}\" is missing", tensor.name));
    if (view->shape != tensor.shape)
      return badInput(
          checkpoint.info().folder.native(),
          fmt::format("tensor \"{}\" has the shape [{}] where the configuration needs "
                      "[{}]",
                      tensor.name, fmt::join(view->shape, ", "), fmt::join(tensor.shape, ", ")));
  }
  return {};
}

}  // namespace

struct ModelSource::Impl {
  ModelDescription description;
  fs::path weightsFolder;
  std::optional<LoadedCheckpoint> checkpoint;
  std::optional<HfWeights> hf;
};

std::string_view nameOf(ModelKind kind) {
  switch (kind) {
    case ModelKind::kRun:
      return "run";
    case ModelKind::kCheckpoint:
      return "checkpoint";
    case ModelKind::kHfDirectory:
      return "hf";
  }
  return "";
}

Result<ModelDescription> describeModel(const fs::path& named) {
  const fs::path normal = named.lexically_normal();
  const fs::path path = normal.has_filename() ? normal : normal.parent_path();
  if (!fs::exists(path))
    return badInput(path.native(), "there is no such directory", "Check the path");
  ModelDescription description;
  description.path = path;
  if (isRun(path)) {
    description.kind = ModelKind::kRun;
    Z2_TRY_VOID(describeRun(path, description));
  } else if (isCheckpoint(path)) {
    description.kind = ModelKind::kCheckpoint;
    Z2_TRY_VOID(describeCheckpoint(path, description));
  } else if (fs::exists(path / "config.json")) {
    description.kind = ModelKind::kHfDirectory;
    Z2_TRY(description.config, readHfDirectoryConfig(path));
    if (hasTokenizer(path)) description.tokenizer = path;
  } else {
    return badInput(path.native(),
                    "this is no model: it has no run.json, manifest.json or "
                    "config.json",
                    "Name a run, a checkpoint or a Hugging Face directory");
  }
  return description;
}

ModelSource::ModelSource(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
ModelSource::ModelSource(ModelSource&&) noexcept = default;
ModelSource& ModelSource::operator=(ModelSource&&) noexcept = default;
ModelSource::~ModelSource() = default;

Result<ModelSource> ModelSource::open(const fs::path& named) {
  auto impl = std::make_unique<Impl>();
  Z2_TRY(impl->description, describeModel(named));
  const fs::path& path = impl->description.path;
  const LlamaConfig& config = impl->description.config.model;
  if (impl->description.kind == ModelKind::kHfDirectory) {
    Z2_TRY(HfWeights weights, HfWeights::open(path, config));
    impl->hf = std::move(weights);
    impl->weightsFolder = path;
    return ModelSource(std::move(impl));
  }
  if (impl->description.kind == ModelKind::kRun) {
    if (fs::exists(path / "ckpt")) {
      Z2_TRY(impl->checkpoint, CheckpointStore::findNewest(path / "ckpt"));
    }
    if (!impl->checkpoint)
      return badInput(path.native(), "this run has no checkpoint that verifies",
                      "Let it run until it has saved one (train.checkpoint_interval)");
  } else {
    Z2_TRY(LoadedCheckpoint loaded, CheckpointStore::load(path));
    impl->checkpoint = std::move(loaded);
  }
  Z2_TRY_VOID(checkTensors(*impl->checkpoint, config));
  impl->weightsFolder = impl->checkpoint->info().folder;
  return ModelSource(std::move(impl));
}

const ModelDescription& ModelSource::description() const { return impl_->description; }

const fs::path& ModelSource::weightsFolder() const { return impl_->weightsFolder; }

const TensorView& ModelSource::view(const HfTensor& tensor) const {
  if (impl_->hf) return impl_->hf->tensor(tensor.name);
  const TensorView* view = impl_->checkpoint->find(std::string(kModelPrefix) + tensor.name);
  Z2_CHECK(view != nullptr, tensor.name);
  return *view;
}

Result<void> ModelSource::readTensor(const HfTensor& tensor, std::span<float> values) const {
  Z2_CHECK(values.size() == static_cast<size_t>(tensor.size), tensor.name);
  const TensorView& stored = view(tensor);
  widen(stored.type, stored.bytes, values);
  return {};
}

Result<void> loadWeights(const ModelSource& source, Llama& model) {
  const ParameterLayout sourceLayout(source.config(), kAnyBuckets);
  std::vector<float> values;
  if (sourceLayout.hfTensors().size() != model.layout().hfTensors().size())
    return badInput(source.description().path.native(),
                    fmt::format("the model has {} tensors where the run's configuration needs {}",
                                sourceLayout.hfTensors().size(), model.layout().hfTensors().size()),
                    "Layers, biases and the tied head must be the same");
  for (const HfTensor& tensor : model.layout().hfTensors()) {
    const HfTensor* there = sourceLayout.findHfTensor(tensor.name);
    if (there == nullptr || there->shape != tensor.shape)
      return badInput(source.description().path.native(),
                      fmt::format("tensor \"{}\" has the shape [{}], but the run's configuration "
                                  "needs [{}]",
                                  tensor.name,
                                  there ? fmt::format("{}", fmt::join(there->shape, ", ")) : "none",
                                  fmt::join(tensor.shape, ", ")),
                      "Give the run the shape of the model that it starts from");
    values.resize(static_cast<size_t>(tensor.size));
    Z2_TRY_VOID(source.readTensor(*there, values));
    Z2_TRY_VOID(model.writeTensor(tensor, values));
  }
  return {};
}

}  // namespace z2
