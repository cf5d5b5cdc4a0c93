#include "core/train/run_setup.h"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "core/data/batch_sampler.h"
#include "core/data/sft_sampler.h"
#include "core/io/json.h"
#include "core/model/memory_fit.h"
#include "core/model_files/model_source.h"
#include "core/train/next_token.h"
#include "core/train/preference_objective.h"

namespace z2 {

namespace {

uint64_t seedOf(const RunConfig& config) {
  return static_cast<uint64_t>(config.integer("train.seed"));
}

Result<std::unique_ptr<BatchSource>> openSource(const RunConfig& config, std::string data,
                                                bool shuffles) {
  const int64_t columns = config.integer("data.seq_len");
  const int64_t vocabulary = config.integer("model.vocab_size");
  if (config.task() == Task::kSft) {
    Z2_TRY(SftSampler sampler,
           SftSampler::open({.data = std::move(data),
                             .sequenceLength = columns,
                             .vocabSize = vocabulary,
                             .seed = seedOf(config),
                             .shuffle = shuffles,
                             .isPacked = config.text("data.packing") != "none"}));
    return std::make_unique<SftSampler>(std::move(sampler));
  }
  Z2_TRY(BatchSampler sampler,
         BatchSampler::open({.data = std::move(data),
                             .sequenceLength = columns,
                             .vocabSize = vocabulary,
                             .seed = seedOf(config),
                             .shuffle = shuffles,
                             .documentMask = config.text("data.packing") == "documents"}));
  return std::make_unique<BatchSampler>(std::move(sampler));
}

DpoSamplerOptions preferenceData(const RunConfig& config, std::string data, bool shuffles) {
  using Truncation = DpoSamplerOptions::Truncation;
  return {.data = std::move(data),
          .sequenceLength = config.integer("data.seq_len"),
          .vocabSize = config.integer("model.vocab_size"),
          .seed = seedOf(config),
          .shuffle = shuffles,
          .isPacked = config.text("data.packing") != "none",
          .truncation = config.text("dpo.truncation") == "keep_end" ? Truncation::kKeepEnd
                                                                    : Truncation::kKeepStart};
}

// Where a preference run remembers which reference it began with.
constexpr const char* kReferenceName = "reference.json";

// The reference of a preference run: what identifies it, and its weights when they are needed. Once
// the run has begun it is what RUN/reference.json says, so that a resumed run needs no model whose
// log probabilities are on disk.
class Reference {
 public:
  static Result<Reference> open(const RunDirectory& run) {
    const RunConfig& config = run.config();
    Reference reference;
    reference.seed_ = seedOf(config);
    reference.path_ = config.text("dpo.reference");
    if (reference.path_.empty()) reference.path_ = config.text("model.init_from");
    if (!reference.path_.empty())
      reference.path_ = locateBase(reference.path_, run.path()).native();
    Z2_TRY_VOID(reference.identify(run.path() / kReferenceName));
    Z2_TRY(const LlamaConfig shape, LlamaConfig::fromRunConfig(config));
    Json keys = shape.toKeys();
    for (const char* key : {"model.attention_dropout", "model.residual_dropout"}) keys.erase(key);
    reference.settings_ = jsonLine(keys) + " " + config.text("train.dtype");
    return reference;
  }

  [[nodiscard]] std::string identity() const { return weights_ + " " + settings_; }

  // Into the model, once.
  Result<Llama*> load(Llama& model) {
    if (isLoaded_) return &model;
    if (path_.empty()) {
      Z2_TRY_VOID(model.initialise(seed_));
    } else {
      Z2_TRY(const ModelSource source, ModelSource::open(path_));
      Z2_TRY(const std::string hash, weightsHash(source));
      if (hash != weights_)
        return badInput(path_, "its weights are not those of the reference that the run began with",
                        "Bring the old model back to that place");
      Z2_TRY_VOID(loadWeights(source, model));
    }
    isLoaded_ = true;
    return &model;
  }

 private:
  // Reads what was kept, or finds it out and keeps it.
  Result<void> identify(const std::filesystem::path& file) {
    std::error_code ignored;
    if (std::filesystem::exists(file, ignored)) {
      Z2_TRY(const Json kept, readJsonFile(file));
      if (kept.is_object() && kept.contains("weights") && kept["weights"].is_string()) {
        weights_ = kept["weights"].get<std::string>();
        return {};
      }
    }
    if (path_.empty()) {
      weights_ = fmt::format("initial {}", seed_);
    } else {
      Z2_TRY(const ModelSource source, ModelSource::open(path_));
      Z2_TRY(weights_, weightsHash(source));
    }
    return writeJsonFile(file, {{"weights", weights_}, {"model", path_}});
  }

  std::string path_;      // empty: the initial random weights
  std::string weights_;   // their hash
  std::string settings_;  // what else the log probabilities depend on
  uint64_t seed_ = 0;
  bool isLoaded_ = false;
};

bool usesFp8(const RunConfig& config) { return config.text("train.dtype") == "fp8"; }

}  // namespace

Result<DType> computeType(const RunConfig& config) {
  if (usesFp8(config)) return DType::kBF16;
  for (const DType type : {DType::kF32, DType::kBF16, DType::kF16})
    if (nameOf(type) == config.text("train.dtype")) return type;
  return badInput("train.dtype", "there is no type \"" + config.text("train.dtype") + "\"");
}

Result<Llama> makeModel(const RunConfig& config, const Device& device, bool isTrained) {
  if (usesFp8(config) && device.isHost) {
    return environmentError(
        "train.dtype",
        "fp8 needs a GPU of compute capability 8.9 or above, and this run "
        "would compute on the CPU",
        "Set train.dtype to bf16 or fp32, or run on a machine with such a GPU.");
  }
  Z2_TRY(const LlamaConfig shape, LlamaConfig::fromRunConfig(config));
  Z2_TRY(const DType type, computeType(config));
  Z2_TRY(LoraConfig lora, LoraConfig::fromRunConfig(config));
  LlamaOptions options{.rows = config.integer("train.micro_batch_size"),
                       .columns = config.integer("data.seq_len"),
                       .type = type,
                       .isTrained = isTrained,
                       .hasOptimizer = isTrained,
                       .recordsPasses = config.flag("train.cuda_graphs"),
                       .usesFp8 = usesFp8(config),
                       .dropoutSeed = seedOf(config),
                       .lora = std::move(lora)};
  Z2_TRY(options.recompute, fittingRecompute(shape, options, recomputesOf(config), *device.ops));
  return Llama::create(shape, options, *device.ops);
}

Result<void> firstWeights(const RunDirectory& run, Llama& model) {
  const std::string& source = run.config().text("model.init_from");
  if (source.empty()) return model.initialise(seedOf(run.config()));
  Z2_TRY(const ModelSource opened, ModelSource::open(locateBase(source, run.path())));
  return loadWeights(opened, model);
}

Result<AdapterOrigin> loadBase(const RunDirectory& run, Llama& model) {
  const std::string& path = run.config().text("model.init_from");
  if (path.empty())
    return badInput("model.init_from", "is empty, and adapters need a model that they are added to",
                    "Name a run, a checkpoint or a Hugging Face directory, or set lora.rank=0");
  Z2_TRY(const ModelSource source, ModelSource::open(locateBase(path, run.path())));
  Z2_TRY_VOID(loadWeights(source, model));
  AdapterOrigin origin{.lora = model.adapterLayout().lora(), .base = path, .baseHash = {}};
  Z2_TRY(origin.baseHash, weightsHash(source));
  return origin;
}

Result<void> firstAdapters(const RunConfig& config, const AdapterOrigin& origin, Llama& model) {
  const std::string& path = config.text("lora.init_from");
  if (path.empty()) return model.initialiseAdapters(seedOf(config));
  Z2_TRY(const PeftDirectory peft, PeftDirectory::open(path));
  if (!peft.origin().baseHash.empty() && peft.origin().baseHash != origin.baseHash)
    return badInput(
        "lora.init_from",
        fmt::format("the adapters in {} were trained on another model than {}", path, origin.base),
        "Set model.init_from to their own base: " + peft.origin().base);
  Z2_TRY_VOID(peft.check(model.adapterLayout()));
  std::vector<float> values;
  for (const AdapterTensor& tensor : model.adapterLayout().tensors()) {
    values.resize(static_cast<size_t>(tensor.size));
    Z2_TRY_VOID(peft.read(tensor, values));
    Z2_TRY_VOID(model.writeAdapter(tensor, values));
  }
  return model.refreshWeights();
}

Result<TaskParts> openNextToken(const RunConfig& config, bool isTrained) {
  TaskParts parts;
  const int64_t rows = config.integer("train.micro_batch_size");
  if (const std::string& data = config.text("data.valid"); !data.empty()) {
    Z2_TRY(auto source, openSource(config, data, false));
    parts.evaluation = std::make_unique<NextTokenEvaluation>(std::move(source), rows,
                                                             config.integer("train.eval_batches"));
  }
  if (!isTrained) return parts;
  Z2_TRY(auto source, openSource(config, config.text("data.train"), true));
  parts.objective = std::make_unique<NextTokenObjective>(
      std::move(source),
      NextTokenObjective::Shape{.rows = rows,
                                .microBatches = config.integer("train.grad_accum_steps"),
                                .columns = config.integer("data.seq_len")});
  return parts;
}

Result<TaskParts> openPreferences(const RunDirectory& run, Llama& model, bool isTrained,
                                  const std::function<void()>& onBatch, ReferenceReport& report) {
  const RunConfig& config = run.config();
  const PreferenceSettings settings = PreferenceSettings::fromRunConfig(config);
  std::unique_ptr<Reference> reference;
  const auto open = [&](const std::string& data, bool shuffles) -> Result<PreferenceTask> {
    const DpoSamplerOptions options = preferenceData(config, data, shuffles);
    Z2_TRY(DpoSampler sampler, DpoSampler::open(options));
    PreferenceTask task{.sampler = std::move(sampler),
                        .reference = {},
                        .settings = settings,
                        .groups = config.integer("train.micro_batch_size") / 2};
    if (settings.isReferenceFree) return task;
    if (reference == nullptr) {
      Z2_TRY(Reference opened, Reference::open(run));
      reference = std::make_unique<Reference>(std::move(opened));
    }
    Z2_TRY(task.reference, referenceLogProbs(
                               {.data = options, .run = run.path(), .model = reference->identity()},
                               [&] { return reference->load(model); }, onBatch, report));
    return task;
  };
  TaskParts parts;
  if (const std::string& data = config.text("data.valid"); !data.empty()) {
    Z2_TRY(PreferenceTask task, open(data, false));
    parts.evaluation = std::make_unique<PreferenceEvaluation>(std::move(task),
                                                              config.integer("train.eval_batches"));
  }
  if (!isTrained) return parts;
  Z2_TRY(PreferenceTask task, open(config.text("data.train"), true));
  parts.objective = std::make_unique<PreferenceObjective>(
      std::move(task),
      PreferenceObjective::Shape{.microBatches = config.integer("train.grad_accum_steps"),
                                 .columns = config.integer("data.seq_len"),
                                 .sftWeight = config.real("dpo.sft_weight")});
  return parts;
}

Result<CheckpointStore> openCheckpoints(const RunDirectory& run) {
  const RunConfig& config = run.config();
  return CheckpointStore::open({.folder = run.checkpoints(),
                                .keepLatest = static_cast<int>(config.integer("train.keep_latest")),
                                .keepBest = static_cast<int>(config.integer("train.keep_best"))});
}

}  // namespace z2
