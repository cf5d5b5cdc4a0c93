#include <algorithm>
#include <cstdio>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "app/cli/model_commands.h"
#include "core/base/format.h"
#include "core/config/run_config.h"
#include "core/model/estimate.h"
#include "core/model_files/model_source.h"
#include "core/run/run_directory.h"

namespace z2::cli {

namespace {

constexpr int64_t kUsualLength = 2048;  // of sequences, where only a model is named
constexpr double kGiga = 1e9;

struct InfoArguments {
  std::string model;
  std::vector<std::string> settings;
  bool asJson = false;
};

// Of a training that is not a run yet: adapters and preferences have keys of their own.
Task taskOf(const std::vector<std::string>& settings) {
  const auto has = [&](std::string_view group) {
    return std::ranges::any_of(settings, [&](const auto& one) { return one.starts_with(group); });
  };
  if (has("dpo.")) return Task::kDpo;
  return has("lora.") ? Task::kSft : Task::kPretrain;
}

// The configuration that a training of the named model has: a run's own, or the defaults around a
// model's shape; `settings` change it.
Result<RunConfig> configOf(const InfoArguments& arguments) {
  const Task task = taskOf(arguments.settings);
  if (arguments.model.empty()) return RunConfig::make(task, Json::object(), arguments.settings);
  if (RunDirectory::exists(arguments.model)) {
    Z2_TRY(const RunDirectory run, RunDirectory::open(arguments.model));
    return RunConfig::make(run.config().task(), run.config().toJson(), arguments.settings);
  }
  Z2_TRY(const ModelDescription described, describeModel(arguments.model));
  const LlamaConfig& model = described.config.model;
  Json values = model.toKeys();
  values["model.preset"] = "custom";
  values["data.seq_len"] = std::min(model.maxPositionEmbeddings, kUsualLength);
  return RunConfig::make(task, values, arguments.settings);
}

// GB by part, ordered; the parts of the engine add up to "engine", which a run's mem_gb shows.
// "total" is that of a process that computes on the CPU, "on_gpu" what a GPU gives for the run,
// "on_gpu_least" the same where memory is short and blocks are computed again.
Json memoryOf(const RunEstimate& estimate) {
  Json memory = Json::object();
  for (int part = 0; part < kMemoryParts; ++part) {
    const auto name = static_cast<MemoryPart>(part);
    memory[std::string(nameOf(name))] = static_cast<double>(estimate.memory.bytesOf(name)) / kGiga;
  }
  memory["engine"] = static_cast<double>(estimate.memory.totalBytes()) / kGiga;
  memory["checkpoint_snapshot"] = static_cast<double>(estimate.snapshotBytes) / kGiga;
  memory["runtime"] = static_cast<double>(kRuntimeBytes) / kGiga;
  memory["total"] = static_cast<double>(estimate.processBytes(estimate.memory)) / kGiga;
  memory["on_gpu"] = static_cast<double>(RunEstimate::gpuBytes(estimate.memory)) / kGiga;
  memory["on_gpu_least"] = static_cast<double>(RunEstimate::gpuBytes(estimate.leastMemory)) / kGiga;
  return memory;
}

Json shapeOf(const LlamaConfig& model) {
  return {{"vocab_size", model.vocabSize},
          {"hidden_size", model.hiddenSize},
          {"intermediate_size", model.intermediateSize},
          {"num_hidden_layers", model.numHiddenLayers},
          {"num_attention_heads", model.numAttentionHeads},
          {"num_key_value_heads", model.numKeyValueHeads},
          {"head_dim", model.headDim},
          {"max_position_embeddings", model.maxPositionEmbeddings},
          {"tie_word_embeddings", model.tieWordEmbeddings}};
}

Json toJson(const RunEstimate& estimate, const RunConfig& config) {
  return {{"parameters", estimate.parameters},
          {"matmul_parameters", estimate.matmulParameters},
          {"trained_parameters", estimate.trainedParameters},
          {"shape", shapeOf(estimate.model)},
          {"micro_batch_size", config.integer("train.micro_batch_size")},
          {"seq_len", config.integer("data.seq_len")},
          {"dtype", config.text("train.dtype")},
          {"memory_gb", memoryOf(estimate)},
          {"tokens_per_step", estimate.tokensPerStep},
          {"step_flops", estimate.stepFlops.full},
          {"step_flops_causal", estimate.stepFlops.causal},
          {"disk_per_checkpoint_gb", static_cast<double>(estimate.checkpointBytes) / kGiga}};
}

void printTable(const RunEstimate& estimate, const RunConfig& config) {
  const LlamaConfig& model = estimate.model;
  fmt::print("parameters           {}  ({} in matmuls)\n",
             formatCount(static_cast<double>(estimate.parameters)),
             formatCount(static_cast<double>(estimate.matmulParameters)));
  if (estimate.trainedParameters != estimate.parameters)
    fmt::print("trained              {}, of adapters\n",
               formatCount(static_cast<double>(estimate.trainedParameters)));
  fmt::print(
      "shape                {} layers, hidden {}, MLP {}, {} heads of {} ({} of keys and "
      "values), vocabulary {}, {} head\n",
      model.numHiddenLayers, model.hiddenSize, model.intermediateSize, model.numAttentionHeads,
      model.headDim, model.numKeyValueHeads, model.vocabSize,
      model.tieWordEmbeddings ? "tied" : "own");
  fmt::print("training             {} sequences of {} tokens a micro-batch, {}\n",
             config.integer("train.micro_batch_size"), config.integer("data.seq_len"),
             config.text("train.dtype"));
  const Json memory = memoryOf(estimate);
  for (const auto& [part, gb] : memory.items())
    fmt::print("memory {:<20}  {}\n", part, formatBytes(gb.get<double>() * kGiga));
  fmt::print("a step               {} tokens, {} FLOP ({} with causal attention)\n",
             formatCount(static_cast<double>(estimate.tokensPerStep)),
             formatCount(estimate.stepFlops.full), formatCount(estimate.stepFlops.causal));
  fmt::print("disk a checkpoint    {}\n",
             formatBytes(static_cast<double>(estimate.checkpointBytes)));
}

Result<void> runInfo(const InfoArguments& arguments) {
  Z2_TRY(const RunConfig config, configOf(arguments));
  Z2_TRY(const RunEstimate estimate, estimateRun(config));
  if (arguments.asJson)
    printJson(toJson(estimate, config));
  else
    printTable(estimate, config);
  return {};
}

}  // namespace

void addModelInfoCommands(CLI::App& model, Chosen& chosen) {
  const std::pair<const char*, const char*> names[] = {
      {"info", "Parameters, shape and cost of a model"},
      {"estimate", "What training would take: memory by part, FLOPs, disk"}};
  for (const auto& [name, help] : names) {
    CLI::App* command = model.add_subcommand(name, help);
    const auto arguments = std::make_shared<InfoArguments>();
    command->add_option("MODEL", arguments->model,
                        "A run, a checkpoint or a Hugging Face directory; none: the preset");
    command
        ->add_option("--set", arguments->settings,
                     "KEY=VALUE of the run's configuration (z2all run keys), for example "
                     "model.preset=z2-1.1b; repeatable")
        ->allow_extra_args(false);
    command->add_flag("--json", arguments->asJson, "One JSON object");
    command->footer(
        "Of the memory, \"engine\" is what the run reports as mem_gb (on a GPU: on the device), "
        "the\n"
        "sum of the parts above it; with the copy from which checkpoints are written and the "
        "program\n"
        "itself it makes \"total\", the process's peak on the CPU.");
    onChosen(*command, chosen, [arguments] { return runInfo(*arguments); });
  }
}

}  // namespace z2::cli
