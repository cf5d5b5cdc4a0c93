#include "app/cli/command.h"

#include <cstdio>
#include <string>
#include <utility>

namespace z2::cli {

void onChosen(CLI::App& subcommand, Chosen& chosen, Action action) {
  subcommand.callback([&chosen, action = std::move(action)] { chosen.action = action; });
}

void printJson(const Json& value) {
  const std::string line = jsonLine(value) + "\n";
  std::fwrite(line.data(), 1, line.size(), stdout);
  std::fflush(stdout);
}

}  // namespace z2::cli
