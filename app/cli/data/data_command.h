#pragma once

#include <CLI/App.hpp>

#include "app/cli/command.h"

namespace z2::cli {

// z2all data …
void addDataCommand(CLI::App& app, Chosen& chosen);

void addDataTokenizeCommand(CLI::App& data, Chosen& chosen);
void addDataInspectCommand(CLI::App& data, Chosen& chosen);
void addDataImportCommand(CLI::App& data, Chosen& chosen);
void addDataGenerateCommand(CLI::App& data, Chosen& chosen);

// z2all bench data
void addDataBenchmark(CLI::App& group, Chosen& chosen);
// z2all bench instructions
void addInstructionBenchmark(CLI::App& group, Chosen& chosen);

}  // namespace z2::cli
