#include "core/model_files/model_import.h"

#include <memory>
#include <string>

#include <fmt/format.h>

#include "app/cli/model_commands.h"
#include "core/base/format.h"
#include "core/model_files/model_source.h"

namespace z2::cli {

namespace {

struct ImportArguments {
  std::string source;
  std::string output;
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

}  // namespace z2::cli
