// z2all-train: one rank of the engine on a run directory. Knows token ids only.

#include <csignal>
#include <cstdint>
#include <cstdio>
#include <exception>
#include <functional>
#include <optional>
#include <string>

#include <CLI/CLI.hpp>

#include "app/trainer/bench_commands.h"
#include "app/trainer/check_command.h"
#include "app/trainer/generate_command.h"
#include "app/trainer/score_command.h"
#include "core/base/error.h"
#include "core/base/progress.h"
#include "core/train/exit_codes.h"
#include "core/train/trainer.h"

namespace {

struct RunArguments {
  std::string run;
  std::optional<int64_t> steps;
  std::optional<int> attempt;
  std::string proof;
  bool allowsChangedData = false;
};

void addRunArguments(CLI::App& command, RunArguments& arguments) {
  command.add_option("RUN", arguments.run, "The run's directory")->required();
  command.add_option("--attempt", arguments.attempt, "Number of this start, given by a supervisor")
      ->check(CLI::PositiveNumber);
  command
      .add_option("--verified", arguments.proof,
                  "What the starter found of the checkpoint when it verified it a moment ago")
      ->group("");
}

int finish(const z2::TrainerEnd& end) {
  if (!end.words.empty()) std::fprintf(stderr, "z2all-train: %s\n", end.words.c_str());
  return static_cast<int>(end.exit);
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app{"The engine of Zero2All Workbench: trains a run directory", "z2all-train"};
  app.set_version_flag("--version", Z2_VERSION);
  app.require_subcommand(1);
  app.footer(
      "Exit status: 0 finished, 2 usage, 3 bad input, 4 environment, 5 stopped and saved,\n"
      "6 gradients were not finite. `z2all run start RUN` supervises it.");
  RunArguments arguments;
  CLI::App* run = app.add_subcommand("run", "Train, or go on from the newest good checkpoint");
  addRunArguments(*run, arguments);
  run->add_option("--steps", arguments.steps, "Steps in all, instead of train.steps")
      ->check(CLI::PositiveNumber);
  run->add_flag("--allow-changed-data", arguments.allowsChangedData,
                "Go on although the data is not that of the checkpoint");
  CLI::App* eval = app.add_subcommand("eval", "Validation loss of the newest good checkpoint");
  addRunArguments(*eval, arguments);
  CLI::App* bench = app.add_subcommand("bench", "Measure the engine");
  bench->require_subcommand(1);
  std::function<z2::Result<void>()> action;
  z2::addBenchCommands(*bench, action);
  z2::addCheckCommand(app, action);
  z2::addGenerateCommand(app, action);
  z2::addScoreCommand(app, action);

  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& failure) {
    return app.exit(failure) == 0 ? 0 : static_cast<int>(z2::TrainerExit::kUsage);
  } catch (const std::exception& failure) {
    std::fprintf(stderr, "z2all-train: %s\n", failure.what());
    return static_cast<int>(z2::TrainerExit::kUsage);
  }

  z2::installStopSignals();
  // A file above the user's limit is an error of that write, not the end of the training.
  std::signal(SIGXFSZ, SIG_IGN);
  if (action) {
    const auto done = action();
    if (done) return 0;
    std::fprintf(stderr, "z2all-train: %s\n", done.error().text().c_str());
    return z2::exitStatus(done.error().code);
  }
  return finish(z2::train({.run = arguments.run,
                           .steps = arguments.steps,
                           .attempt = arguments.attempt,
                           .proof = arguments.proof,
                           .onlyEvaluates = eval->parsed(),
                           .allowsChangedData = arguments.allowsChangedData}));
}
