#include "core/train/run_setup.h"

#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include "core/model_files/model_source.h"

namespace z2 {

namespace {

SamplerOptions samplerOptions(const RunConfig& config, std::string data, bool shuffles) {
  return {.data = std::move(data),
          .sequenceLength = config.integer("data.seq_len"),
          .vocabSize = config.integer("model.vocab_size"),
          .seed = static_cast<uint64_t>(config.integer("train.seed")),
          .shuffle = shuffles,
          .documentMask = config.text("data.packing") == "documents",
          .isSft = config.task() == Task::kSft};
}

}  // namespace

Result<DType> computeType(const RunConfig& config) {
  for (const DType type : {DType::kF32, DType::kBF16, DType::kF16})
    if (nameOf(type) == config.text("train.dtype")) return type;
  return badInput("train.dtype", "there is no type \"" + config.text("train.dtype") + "\"");
}

Result<Llama> makeModel(const RunConfig& config, const Device& device, bool isTrained) {
  Z2_TRY(const LlamaConfig shape, LlamaConfig::fromRunConfig(config));
  Z2_TRY(const DType type, computeType(config));
  const LlamaOptions options{.rows = config.integer("train.micro_batch_size"),
                             .columns = config.integer("data.seq_len"),
                             .type = type,
                             .isTrained = isTrained,
                             .hasOptimizer = isTrained,
                             .recomputesNorms = config.text("train.recompute") == "norms",
                             .recordsPasses = config.flag("train.cuda_graphs"),
                             .dropoutSeed = static_cast<uint64_t>(config.integer("train.seed"))};
  return Llama::create(shape, options, *device.ops);
}

Result<void> firstWeights(const RunConfig& config, Llama& model) {
  const std::string& source = config.text("model.init_from");
  if (source.empty()) return model.initialise(static_cast<uint64_t>(config.integer("train.seed")));
  Z2_TRY(const ModelSource opened, ModelSource::open(source));
  return loadWeights(opened, model);
}

Result<BatchSampler> openTrainingData(const RunConfig& config) {
  return BatchSampler::open(samplerOptions(config, config.text("data.train"), true));
}

Result<std::optional<Evaluation>> openEvaluation(const RunConfig& config) {
  const std::string& data = config.text("data.valid");
  if (data.empty()) return std::optional<Evaluation>{};
  Z2_TRY(BatchSampler sampler, BatchSampler::open(samplerOptions(config, data, false)));
  return std::optional<Evaluation>(std::in_place, std::move(sampler),
                                   config.integer("train.micro_batch_size"),
                                   config.integer("train.eval_batches"));
}

Result<CheckpointStore> openCheckpoints(const RunDirectory& run) {
  const RunConfig& config = run.config();
  return CheckpointStore::open({.folder = run.checkpoints(),
                                .keepLatest = static_cast<int>(config.integer("train.keep_latest")),
                                .keepBest = static_cast<int>(config.integer("train.keep_best"))});
}

}  // namespace z2
