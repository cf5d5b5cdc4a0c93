#pragma once

// `z2all-train check`: loss and gradients of a model on given tokens, as JSON on standard output.

#include <functional>

#include <CLI/App.hpp>

#include "core/base/error.h"

namespace z2 {

// Leaves in `action` what to do when the subcommand was given.
void addCheckCommand(CLI::App& app, std::function<Result<void>()>& action);

}  // namespace z2
