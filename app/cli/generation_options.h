#pragma once

// Options that the commands which run a model share.

#include "app/cli/command.h"
#include "core/generate/generation_request.h"

namespace z2::cli {

// --dtype, --device, --threads.
void addEngineOptions(CLI::App& command, EngineOptions& engine);
// --model, --tokenizer, the sampling, and the engine's.
void addGenerationOptions(CLI::App& command, GenerationOptions& options);

}  // namespace z2::cli
