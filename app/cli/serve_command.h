#pragma once

#include "app/cli/command.h"

namespace z2::cli {

void addServeCommand(CLI::App& app, Chosen& chosen);

}  // namespace z2::cli
