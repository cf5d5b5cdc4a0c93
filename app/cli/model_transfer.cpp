#include <cstdio>
#include <memory>
#include <string>

#include <fmt/format.h>

#include "app/cli/model_commands.h"
#include "core/base/format.h"
#include "core/generate/model_tokenizer.h"
#include "core/model_files/hf_export.h"
#include "core/model_files/model_import.h"
#include "core/model_files/model_source.h"

namespace z2::cli {

namespace {

struct ImportArguments {
  std::string source;
  std::string output;
  bool asJson = false;
};

struct ExportArguments {
  std::string source;
  std::string format = "hf";
  std::string output;
  std::string dtype = "fp32";
  std::string tokenizer;
  double shardGigabytes = 5;
  bool asJson = false;
};

Result<void> runImport(const ImportArguments& arguments) {
  Z2_TRY(const ModelSource source, ModelSource::open(arguments.source));
  Z2_TRY_VOID(importModel(source, arguments.output));
  const int64_t parameters = source.config().parameterCount();
  if (arguments.asJson)
    printJson({{"output", arguments.output}, {"parameters", parameters}});
  else
    fmt::print("{}: {} parameters\n", arguments.output,
               formatCount(static_cast<double>(parameters)));
  return {};
}

// Fills in the token ids that a run's configuration does not have. A model can be exported without
// its tokenizer, but not unnoticed.
void takeTokenizer(const ModelDescription& model, const std::string& named, HfConfig& config,
                   HfExportOptions& options) {
  const auto tokenizer = openModelTokenizer(model, named);
  if (!tokenizer) {
    std::fprintf(stderr, "z2all: exported without a tokenizer: %s\n",
                 tokenizer.error().text().c_str());
    return;
  }
  options.tokenizer = named.empty() ? *model.tokenizer : std::filesystem::path(named);
  if (!config.bosId && (*tokenizer)->bosId()) config.bosId = *(*tokenizer)->bosId();
  if (!config.padId && (*tokenizer)->padId()) config.padId = *(*tokenizer)->padId();
  if (config.eosIds.empty()) config.eosIds = stopIdsOf(model, **tokenizer);
}

Result<void> runExport(const ExportArguments& arguments) {
  Z2_TRY(const ModelSource source, ModelSource::open(arguments.source));
  HfConfig config = source.description().config;
  HfExportOptions options{.type = arguments.dtype == "bf16" ? DType::kBF16 : DType::kF32,
                          .shardBytes = static_cast<uint64_t>(arguments.shardGigabytes * 1e9)};
  takeTokenizer(source.description(), arguments.tokenizer, config, options);
  const auto readTensor = [&](const HfTensor& tensor, std::span<float> values) {
    return source.readTensor(tensor, values);
  };
  Z2_TRY(const HfExportReport report,
         writeHfDirectory(arguments.output, config, readTensor, options));
  if (arguments.asJson) {
    Json files = Json::array();
    for (const auto& file : report.files) files.push_back(file.native());
    printJson({{"output", arguments.output},
               {"source", source.weightsFolder().native()},
               {"parameters", report.parameters},
               {"bytes", report.weightBytes},
               {"dtype", arguments.dtype},
               {"files", std::move(files)}});
    return {};
  }
  fmt::print("{}: {} parameters in {} from {}\n", arguments.output,
             formatCount(static_cast<double>(report.parameters)),
             formatBytes(static_cast<double>(report.weightBytes)), source.weightsFolder().native());
  for (const auto& file : report.files) fmt::print("  {}\n", file.native());
  return {};
}

}  // namespace

void addModelImportCommand(CLI::App& model, Chosen& chosen) {
  CLI::App* command = model.add_subcommand(
      "import", "Check a Hugging Face model and keep it as a checkpoint with checksums");
  const auto arguments = std::make_shared<ImportArguments>();
  command->add_option("HFDIR", arguments->source, "A Hugging Face directory")->required();
  command->add_option("--output", arguments->output, "A new directory")->required();
  command->add_flag("--json", arguments->asJson, "One JSON object");
  command->footer(
      "Models of LlamaForCausalLM and Qwen2ForCausalLM in safetensors are read. A run\n"
      "starts from the result, or from HFDIR itself, with model.init_from.");
  onChosen(*command, chosen, [arguments] { return runImport(*arguments); });
}

void addModelExportCommand(CLI::App& model, Chosen& chosen) {
  CLI::App* command =
      model.add_subcommand("export", "Write a model for other programs: a Hugging Face directory");
  const auto arguments = std::make_shared<ExportArguments>();
  command
      ->add_option("MODEL", arguments->source,
                   "A run (its newest checkpoint that verifies) or a checkpoint")
      ->required();
  command->add_option("--format", arguments->format, "hf")
      ->check(CLI::IsMember({"hf"}))
      ->capture_default_str();
  command->add_option("--output", arguments->output, "A new directory")->required();
  command->add_option("--dtype", arguments->dtype, "Type of the weights")
      ->check(CLI::IsMember({"fp32", "bf16"}))
      ->capture_default_str();
  command->add_option("--tokenizer", arguments->tokenizer,
                      "The tokenizer to put beside it, instead of the run's");
  command->add_option("--shard-gb", arguments->shardGigabytes, "Largest size of a file")
      ->check(CLI::Range(0.000'001, 1000.0))
      ->capture_default_str();
  command->add_flag("--json", arguments->asJson, "One JSON object");
  command->footer(
      "AutoModelForCausalLM and AutoTokenizer of transformers 4 and 5 load the result.");
  onChosen(*command, chosen, [arguments] { return runExport(*arguments); });
}

}  // namespace z2::cli
