// z2all bench step and its like: what the engine measures. This program becomes z2all-train, which
// has the options.

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <string>
#include <utility>
#include <vector>

#include <unistd.h>

#include "app/cli/bench_commands.h"
#include "core/base/engine_program.h"

namespace z2::cli {

namespace {

Result<void> becomeEngine(std::vector<std::string> arguments) {
  Z2_TRY(const EngineProgram engine, findEngine());
  for (const auto& [name, value] : engine.environment) ::setenv(name.c_str(), value.c_str(), 1);
  std::vector<char*> words;
  words.reserve(arguments.size() + 1);
  for (std::string& argument : arguments) words.push_back(argument.data());
  words.push_back(nullptr);
  ::execv(engine.path.c_str(), words.data());
  return environmentError(engine.path.native(),
                          std::string("the engine does not start: ") + std::strerror(errno));
}

}  // namespace

void addBenchEngine(CLI::App& group, Chosen& chosen) {
  struct Measurement {
    const char *name, *help;
  };
  for (const Measurement& one :
       {Measurement{"step", "Tokens a second and MFU of training steps on random tokens"},
        Measurement{"kernels", "Every operation of the engine against the device's ceilings"},
        Measurement{"ablation", "What each fused operation is worth"},
        Measurement{"generate", "Tokens a second of generation"},
        Measurement{"checkpoint", "How long a step stands still for a checkpoint"}}) {
    CLI::App* command = group.add_subcommand(one.name, one.help);
    command->prefix_command();
    command->set_help_flag();  // the engine's own
    onChosen(*command, chosen, [command, name = std::string(one.name)] {
      std::vector<std::string> arguments = {"z2all-train", "bench", name};
      for (std::string& word : command->remaining()) arguments.push_back(std::move(word));
      return becomeEngine(std::move(arguments));
    });
  }
}

}  // namespace z2::cli
