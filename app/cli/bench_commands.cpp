#include "app/cli/bench_commands.h"

#include "app/cli/data/data_command.h"

namespace z2::cli {

void addBenchCommand(CLI::App& app, Chosen& chosen) {
  CLI::App& group = *app.add_subcommand("bench", "Measure how fast this machine works");
  group.require_subcommand(1);
  addBenchEngine(group, chosen);
  addBenchCurves(group, chosen);
  addDataBenchmark(group, chosen);
  addInstructionBenchmark(group, chosen);
  addBenchTokenizer(group, chosen);
}

}  // namespace z2::cli
