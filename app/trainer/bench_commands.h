#pragma once

// z2all-train bench …: measurements that need the engine.

#include <functional>

#include <CLI/App.hpp>

#include "core/base/error.h"

namespace z2 {

// Adds the subcommands under `bench`; the chosen one leaves its work in `action`.
void addBenchCommands(CLI::App& bench, std::function<Result<void>()>& action);

}  // namespace z2
