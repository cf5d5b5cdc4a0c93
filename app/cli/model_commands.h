#pragma once

// `z2all model info|estimate|check|import|export`.

#include "app/cli/command.h"

namespace z2::cli {

void addModelCommands(CLI::App& app, Chosen& chosen);

// One file each, called by the above on the subcommand `model`.
void addModelInfoCommands(CLI::App& model, Chosen& chosen);
void addModelCheckCommand(CLI::App& model, Chosen& chosen);
void addModelImportCommand(CLI::App& model, Chosen& chosen);
void addModelExportCommand(CLI::App& model, Chosen& chosen);

}  // namespace z2::cli
