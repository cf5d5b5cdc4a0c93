#pragma once

// Command-line options made from the schema of keys: --KEY VALUE for each, grouped, with the help
// of the schema in the language of the terminal.

#include <string>
#include <vector>

#include <CLI/App.hpp>

namespace z2::cli {

// Each option given appends "KEY=VALUE" to `settings`, which must live as long as `command`. --help
// shows the ten simple keys, --help-all all of them.
void addKeyOptions(CLI::App& command, std::vector<std::string>& settings);

}  // namespace z2::cli
