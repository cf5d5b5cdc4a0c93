#pragma once

// `z2all generate`: continues a text.

#include "app/cli/command.h"

namespace z2::cli {

void addGenerateCommand(CLI::App& app, Chosen& chosen);

}  // namespace z2::cli
