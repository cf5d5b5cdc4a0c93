#pragma once

#include "app/cli/command.h"

namespace z2::cli {

// `z2all demo`: the whole way from text to generated text, by the commands a person would type.
void addDemoCommand(CLI::App& app, Chosen& chosen);

}  // namespace z2::cli
