#include "app/trainer/bench_commands.h"

#include <cstdint>
#include <cstdio>
#include <functional>
#include <memory>
#include <string>

#include <CLI/CLI.hpp>

#include "core/io/json.h"
#include "core/train/bench_checkpoint.h"

namespace z2 {

namespace {

void print(const Json& result, bool asJson) {
  if (asJson) {
    std::printf("%s\n", jsonLine(result).c_str());
    return;
  }
  for (const auto& [name, value] : result.items())
    std::printf("%-16s %s\n", name.c_str(), value.dump().c_str());
}

void addCheckpoint(CLI::App& bench, std::function<Result<void>()>& action) {
  struct Options {
    int64_t parameters = 100'000'000;
    int rounds = 3;
    std::string folder = ".";
    bool asJson = false;
  };
  auto options = std::make_shared<Options>();
  CLI::App* command = bench.add_subcommand(
      "checkpoint",
      "How long a step stands still for a checkpoint, and how long it takes to write");
  command->add_option("--parameters", options->parameters, "Parameters; 12 bytes each")
      ->check(CLI::Range(int64_t{1}, int64_t{10'000'000'000}))
      ->capture_default_str();
  command->add_option("--rounds", options->rounds, "Saves")
      ->check(CLI::Range(1, 1000))
      ->capture_default_str();
  command->add_option("--folder", options->folder, "Where to write; everything is removed again")
      ->check(CLI::ExistingDirectory)
      ->capture_default_str();
  command->add_flag("--json", options->asJson, "Print one JSON object");
  command->callback([options, &action] {
    action = [options]() -> Result<void> {
      Z2_TRY(const Json result,
             benchCheckpoint(options->parameters, options->rounds, options->folder));
      print(result, options->asJson);
      return {};
    };
  });
}

}  // namespace

void addBenchCommands(CLI::App& bench, std::function<Result<void>()>& action) {
  addCheckpoint(bench, action);
}

}  // namespace z2
