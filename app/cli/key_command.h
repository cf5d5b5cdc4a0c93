#pragma once

#include "app/cli/command.h"

namespace z2::cli {

void addKeyCommand(CLI::App& app, Chosen& chosen);

}  // namespace z2::cli
