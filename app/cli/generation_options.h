#pragma once

// Options that generate and chat share.

#include "app/cli/command.h"
#include "core/generate/generation_request.h"

namespace z2::cli {

void addGenerationOptions(CLI::App& command, GenerationOptions& options);

}  // namespace z2::cli
