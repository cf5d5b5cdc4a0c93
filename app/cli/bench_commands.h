#pragma once

// z2all bench …: how fast this machine works; what the engine measures, in z2all-train. Each in its
// own file.

#include "app/cli/command.h"

namespace z2::cli {

void addBenchCommand(CLI::App& app, Chosen& chosen);

void addBenchEngine(CLI::App& group, Chosen& chosen);
void addBenchCurves(CLI::App& group, Chosen& chosen);
void addBenchTokenizer(CLI::App& group, Chosen& chosen);

}  // namespace z2::cli
