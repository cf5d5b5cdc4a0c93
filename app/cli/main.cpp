// z2all: everything that can be done in the window, on the command line.

#include <csignal>
#include <cstdio>
#include <exception>

#include <CLI/CLI.hpp>

#include "app/cli/bench_commands.h"
#include "app/cli/chat_command.h"
#include "app/cli/command.h"
#include "app/cli/data/data_command.h"
#include "app/cli/demo_command.h"
#include "app/cli/doctor_command.h"
#include "app/cli/eval_command.h"
#include "app/cli/generate_command.h"
#include "app/cli/job_command.h"
#include "app/cli/key_command.h"
#include "app/cli/model_commands.h"
#include "app/cli/run/run_command.h"
#include "app/cli/serve_command.h"
#include "app/cli/tokenizer_commands.h"
#include "core/base/error.h"
#include "core/base/progress.h"
#include "core/io/json.h"

namespace {

void tell(const z2::Error& error) {
  if (z2::isProgressJsonAsked()) {
    const z2::Json parts = {{"what", error.what}, {"where", error.where}, {"fix", error.fix}};
    std::fprintf(stderr, "%s\n", z2::jsonLine({{"error", parts}}).c_str());
    return;
  }
  std::fprintf(stderr, "z2all: %s\n", error.text().c_str());
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app{"Zero2All Workbench: from raw text to a chat with your own language model", "z2all"};
  app.set_version_flag("--version", Z2_VERSION);
  app.require_subcommand(1);
  z2::cli::Chosen chosen;
  z2::cli::addBenchCommand(app, chosen);
  z2::cli::addChatCommand(app, chosen);
  z2::cli::addDataCommand(app, chosen);
  z2::cli::addDemoCommand(app, chosen);
  z2::cli::addDoctorCommand(app, chosen);
  z2::cli::addEvalCommand(app, chosen);
  z2::cli::addGenerateCommand(app, chosen);
  z2::cli::addJobCommand(app, chosen);
  z2::cli::addKeyCommand(app, chosen);
  z2::cli::addLaunchCommand(app, chosen);
  z2::cli::addModelCommands(app, chosen);
  z2::cli::addRunCommand(app, chosen);
  z2::cli::addServeCommand(app, chosen);
  z2::cli::addTokenizerCommand(app, chosen);

  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& failure) {
    return app.exit(failure) == 0 ? 0 : z2::exitStatus(z2::ErrorCode::kUsage);
  } catch (const std::exception& failure) {
    std::fprintf(stderr, "z2all: %s\n", failure.what());
    return z2::exitStatus(z2::ErrorCode::kUsage);
  }

  z2::installStopSignals();
  // A file over the user's limit is an error like a full disk, not a signal that ends the work.
  std::signal(SIGXFSZ, SIG_IGN);
  const z2::Result<void> done = chosen.action();
  if (done) return 0;
  tell(done.error());
  return z2::exitStatus(done.error().code);
}
