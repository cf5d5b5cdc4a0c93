#include "core/train/run_setup.h"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "core/data/batch_sampler.h"
#include "core/data/sft_sampler.h"
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

// The reference of a preference run: what identifies it, and its weights when they are needed.
class Reference {
 public:
  static Result<Reference> open(const RunDirectory& run) {
    const RunConfig& config = run.config();
    Reference reference;
    std::string path = config.text("dpo.reference");
    if (path.empty()) path = config.text("model.init_from");
    std::string weights = fmt::format("initial {}", seedOf(config));
    if (!path.empty()) {
      Z2_TRY(ModelSource source, ModelSource::open(locateBase(path, run.path())));
      Z2_TRY(weights, weightsHash(source));
      reference.source_ = std::make_unique<ModelSource>(std::move(source));
    }
    Z2_TRY(const LlamaConfig shape, LlamaConfig::fromRunConfig(config));
    Json keys = shape.toKeys();
    for (const char* key : {"model.attention_dropout", "model.residual_dropout"}) keys.erase(key);
    reference.identity_ = weights + " " + jsonLine(keys) + " " + config.text("train.dtype");
    reference.seed_ = seedOf(config);
    return reference;
  }

  [[nodiscard]] const std::string& identity() const { return identity_; }

  // Into the model, once.
  Result<Llama*> load(Llama& model) {
    if (!isLoaded_) {
      Z2_TRY_VOID(source_ == nullptr ? model.initialise(seed_) : loadWeights(*source_, model));
      isLoaded_ = true;
    }
    return &model;
  }

 private:
  std::unique_ptr<ModelSource> source_;  // null: the initial random weights
  std::string identity_;
  uint64_t seed_ = 0;
  bool isLoaded_ = false;
};

}  // namespace

Result<DType> computeType(const RunConfig& config) {
  for (const DType type : {DType::kF32, DType::kBF16, DType::kF16})
    if (nameOf(type) == config.text("train.dtype")) return type;
  return badInput("train.dtype", "there is no type \"" + config.text("train.dtype") + "\"");
}

Result<Llama> makeModel(const RunConfig& config, const Device& device, bool isTrained) {
  Z2_TRY(const LlamaConfig shape, LlamaConfig::fromRunConfig(config));
  Z2_TRY(const DType type, computeType(config));
  Z2_TRY(LoraConfig lora, LoraConfig::fromRunConfig(config));
  const LlamaOptions options{.rows = config.integer("train.micro_batch_size"),
                             .columns = config.integer("data.seq_len"),
                             .type = type,
                             .isTrained = isTrained,
                             .hasOptimizer = isTrained,
                             .recomputesNorms = config.text("train.recompute") == "norms",
                             .recordsPasses = config.flag("train.cuda_graphs"),
                             .dropoutSeed = seedOf(config),
                             .lora = std::move(lora)};
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
