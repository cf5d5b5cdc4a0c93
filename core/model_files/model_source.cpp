#include "core/model_files/model_source.h"

#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "core/base/check.h"
#include "core/checkpoint/checkpoint_store.h"
#include "core/io/checksum.h"
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

// Shape and tokenizer are the base's, unless a tokenizer lies beside the adapters.
Result<void> describeAdapters(const fs::path& folder, ModelDescription& out) {
  Z2_TRY(const PeftDirectory peft, PeftDirectory::open(folder));
  Z2_TRY(const ModelDescription base, describeModel(locateBase(peft.origin().base, folder)));
  out.config = base.config;
  out.tokenizer = hasTokenizer(folder) ? folder : base.tokenizer;
  return {};
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

// Adapters and the model under them.
struct AdaptedBase {
  AdapterOrigin origin;
  AdapterLayout layout;
  ModelSource base;
};

struct ModelSource::Impl {
  ModelDescription description;
  fs::path weightsFolder;
  std::optional<LoadedCheckpoint> checkpoint;
  std::optional<HfWeights> hf;
  std::optional<PeftDirectory> peft;
  std::unique_ptr<AdaptedBase> adapted;

  [[nodiscard]] Result<void> openBase(AdapterOrigin origin);
  [[nodiscard]] Result<void> merge(const HfTensor& tensor, std::span<float> values,
                                   const ModelSource& own) const;
};

Result<void> ModelSource::Impl::openBase(AdapterOrigin origin) {
  const fs::path place = locateBase(origin.base, weightsFolder);
  auto base = ModelSource::open(place);
  if (!base) {
    Error error = std::move(base).error();
    error.what = fmt::format("the model that these adapters belong to, \"{}\", cannot be read: {}",
                             origin.base, error.what);
    error.fix = "Bring it back to its place, or name another in adapter_config.json";
    return tl::unexpected(std::move(error));
  }
  Z2_TRY(const std::string hash, weightsHash(*base));
  if (!origin.baseHash.empty() && origin.baseHash != hash)
    return badInput(weightsFolder.native(),
                    "the adapters belong to another model than " + place.native() +
                        ": its weights are not those that they were trained on",
                    "Bring the old weights back to that place");
  AdapterLayout layout(base->config(), origin.lora);
  // Token ids are the base's; a run may have given the shape another context or RoPE.
  const LlamaConfig shape = description.config.model;
  description.config = base->description().config;
  if (!peft) description.config.model = shape;
  if (!description.tokenizer) description.tokenizer = base->description().tokenizer;
  adapted = std::make_unique<AdaptedBase>(
      AdaptedBase{std::move(origin), std::move(layout), std::move(*base)});
  if (peft) return peft->check(adapted->layout);
  for (const AdapterTensor& tensor : adapted->layout.tensors()) {
    const TensorView* view = checkpoint->find(std::string(kAdapterPrefix) + tensor.name);
    if (view == nullptr || view->shape != tensor.shape)
      return badInput(weightsFolder.native(),
                      fmt::format("tensor \"{}\" is missing or has another shape than the model "
                                  "needs",
                                  tensor.name));
  }
  return {};
}

// W + s B A, for the tensors that have adapters.
Result<void> ModelSource::Impl::merge(const HfTensor& tensor, std::span<float> values,
                                      const ModelSource& own) const {
  const std::vector<AdapterTensor>& tensors = adapted->layout.tensors();
  const float scale = adapted->origin.lora.scale();
  for (size_t i = 0; i + 1 < tensors.size(); i += 2) {
    if (tensors[i].target != tensor.name) continue;
    std::vector<float> a(static_cast<size_t>(tensors[i].size));
    std::vector<float> b(static_cast<size_t>(tensors[i + 1].size));
    Z2_TRY_VOID(own.readAdapter(tensors[i], a));
    Z2_TRY_VOID(own.readAdapter(tensors[i + 1], b));
    const auto rank = static_cast<size_t>(tensors[i].shape[0]);
    const auto columns = static_cast<size_t>(tensors[i].shape[1]);
    for (size_t row = 0; row * columns < values.size(); ++row) {
      const std::span<float> out = values.subspan(row * columns, columns);
      for (size_t k = 0; k < rank; ++k) {
        const float factor = scale * b[row * rank + k];
        const float* const from = a.data() + k * columns;
        for (size_t column = 0; column < columns; ++column) out[column] += factor * from[column];
      }
    }
  }
  return {};
}

std::string_view nameOf(ModelKind kind) {
  switch (kind) {
    case ModelKind::kRun:
      return "run";
    case ModelKind::kCheckpoint:
      return "checkpoint";
    case ModelKind::kHfDirectory:
      return "hf";
    case ModelKind::kAdapters:
      return "adapters";
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
  } else if (PeftDirectory::isOne(path)) {
    description.kind = ModelKind::kAdapters;
    Z2_TRY_VOID(describeAdapters(path, description));
  } else {
    return badInput(path.native(),
                    "this is no model: it has no run.json, manifest.json, config.json or "
                    "adapter_config.json",
                    "Name a run, a checkpoint, a Hugging Face directory or a PEFT directory");
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
  if (impl->description.kind == ModelKind::kAdapters) {
    impl->weightsFolder = path;
    Z2_TRY(PeftDirectory peft, PeftDirectory::open(path));
    impl->peft = std::move(peft);
    Z2_TRY_VOID(impl->openBase(impl->peft->origin()));
    return ModelSource(std::move(impl));
  }
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
  impl->weightsFolder = impl->checkpoint->info().folder;
  const Json& state = impl->checkpoint->info().state;
  if (state.is_object() && state.contains("adapters")) {
    Z2_TRY(AdapterOrigin origin,
           parseAdapterOrigin(state["adapters"], impl->weightsFolder.native()));
    Z2_TRY_VOID(impl->openBase(std::move(origin)));
  } else {
    Z2_TRY_VOID(checkTensors(*impl->checkpoint, config));
  }
  return ModelSource(std::move(impl));
}

const ModelDescription& ModelSource::description() const { return impl_->description; }

const fs::path& ModelSource::weightsFolder() const { return impl_->weightsFolder; }

const AdapterOrigin* ModelSource::adapters() const {
  return impl_->adapted ? &impl_->adapted->origin : nullptr;
}

Result<void> ModelSource::readAdapter(const AdapterTensor& tensor, std::span<float> values) const {
  Z2_CHECK(impl_->adapted != nullptr && values.size() == static_cast<size_t>(tensor.size));
  if (impl_->peft) return impl_->peft->read(tensor, values);
  const TensorView* view = impl_->checkpoint->find(std::string(kAdapterPrefix) + tensor.name);
  Z2_CHECK(view != nullptr, tensor.name);
  widen(view->type, view->bytes, values);
  return {};
}

const TensorView& ModelSource::view(const HfTensor& tensor) const {
  Z2_CHECK(!impl_->adapted, "the weights under adapters are not stored as they are");
  if (impl_->hf) return impl_->hf->tensor(tensor.name);
  const TensorView* view = impl_->checkpoint->find(std::string(kModelPrefix) + tensor.name);
  Z2_CHECK(view != nullptr, tensor.name);
  return *view;
}

Result<void> ModelSource::readTensor(const HfTensor& tensor, std::span<float> values) const {
  Z2_CHECK(values.size() == static_cast<size_t>(tensor.size), tensor.name);
  if (impl_->adapted) {
    Z2_TRY_VOID(impl_->adapted->base.readTensor(tensor, values));
    return impl_->merge(tensor, values, *this);
  }
  const TensorView& stored = view(tensor);
  widen(stored.type, stored.bytes, values);
  return {};
}

Result<std::string> weightsHash(const ModelSource& source) {
  const ParameterLayout layout(source.config(), kAnyBuckets);
  Checksum checksum;
  std::vector<float> values;
  for (const HfTensor& tensor : layout.hfTensors()) {
    const std::string head = fmt::format("{} [{}]", tensor.name, fmt::join(tensor.shape, ","));
    checksum.add(std::as_bytes(std::span(head)));
    values.resize(static_cast<size_t>(tensor.size));
    Z2_TRY_VOID(source.readTensor(tensor, values));
    checksum.add(std::as_bytes(std::span(values)));
  }
  return checksum.hex();
}

fs::path locateBase(const std::string& path, const fs::path& folder) {
  const fs::path named(path);
  std::error_code ignored;
  if (named.is_relative()) return folder / named;
  if (fs::exists(named, ignored)) return named;
  const fs::path name = named.has_filename() ? named.filename() : named.parent_path().filename();
  for (const fs::path& run : {folder, folder.parent_path().parent_path()})
    if (fs::exists(run / "origin" / name, ignored)) return run / "origin" / name;
  return named;
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
