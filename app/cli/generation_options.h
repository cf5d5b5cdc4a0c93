#pragma once

// Options that the commands which run a model share.

#include <string>

#include "app/cli/command.h"
#include "core/generate/generation_request.h"

namespace z2::cli {

// --dtype, --device, --threads.
void addEngineOptions(CLI::App& command, EngineOptions& engine);
// --template: how a conversation is written for the model.
void addTemplateOption(CLI::App& command, std::string& choice);
// --model, --tokenizer, the sampling, and the engine's.
void addGenerationOptions(CLI::App& command, GenerationOptions& options);

}  // namespace z2::cli
