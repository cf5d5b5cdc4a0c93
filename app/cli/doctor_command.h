#pragma once

// z2all doctor: what this machine has, what is missing, what to do.

#include <CLI/App.hpp>

#include "app/cli/command.h"

namespace z2::cli {

void addDoctorCommand(CLI::App& app, Chosen& chosen);

}  // namespace z2::cli
