#include <cstdio>
#include <filesystem>
#include <memory>
#include <string>

#include <fmt/format.h>

#include "app/cli/model_commands.h"
#include "core/base/engine_program.h"
#include "core/generate/engine_process.h"

namespace z2::cli {

namespace {

struct CheckArguments {
  std::string model;
  std::string tokens;
  std::string dtype = "fp32";
  std::string device = "cpu";
  bool asJson = false;
};

Result<void> runCheck(const CheckArguments& arguments) {
  Z2_TRY(const EngineProgram engine, findEngine());
  Z2_TRY(PipedProcess process,
         PipedProcess::spawn(engine.path,
                             {"check", "--model", arguments.model, "--tokens", arguments.tokens,
                              "--dtype", arguments.dtype, "--device", arguments.device},
                             engine.environment));
  std::string line;
  LineReader::Outcome outcome = process.readLine(line);
  while (outcome == LineReader::Outcome::kSignal) outcome = process.readLine(line);
  if (outcome == LineReader::Outcome::kEnd) return tl::unexpected(engineEnded(process.wait()));
  Z2_TRY(const Json check, parseJson(line, "z2all-train"));
  if (arguments.asJson) {
    printJson(check);
    return {};
  }
  fmt::print("loss       {:.6f}\ngrad_norm  {:.6f}\n", check.at("loss").get<double>(),
             check.at("grad_norm").get<double>());
  for (const auto& [name, norm] : check.at("grad_norms").items())
    fmt::print("{:>12.6f}  {}\n", norm.get<double>(), name);
  return {};
}

}  // namespace

void addModelCheckCommand(CLI::App& model, Chosen& chosen) {
  CLI::App* command = model.add_subcommand(
      "check", "Loss and gradient norms on given tokens, for comparing with another program");
  const auto arguments = std::make_shared<CheckArguments>();
  command
      ->add_option("--model", arguments->model, "A run, a checkpoint or a Hugging Face directory")
      ->required();
  command->add_option("--tokens", arguments->tokens, "JSON file of token ids: [[ids],…]")
      ->required();
  command->add_option("--dtype", arguments->dtype, "fp32, bf16 or fp16")->capture_default_str();
  command->add_option("--device", arguments->device, "cpu, cuda or auto")->capture_default_str();
  command->add_flag("--json", arguments->asJson,
                    "{\"loss\",\"grad_norm\",\"grad_norms\",\"logits_last\"}");
  onChosen(*command, chosen, [arguments] { return runCheck(*arguments); });
}

}  // namespace z2::cli
