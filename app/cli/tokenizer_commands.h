#pragma once

// z2all tokenizer train|encode|decode|inspect|export: each subcommand in its own file.

#include "app/cli/command.h"

namespace z2::cli {

void addTokenizerCommand(CLI::App& app, Chosen& chosen);

void addTokenizerTrain(CLI::App& group, Chosen& chosen);
void addTokenizerEncode(CLI::App& group, Chosen& chosen);
void addTokenizerDecode(CLI::App& group, Chosen& chosen);
void addTokenizerInspect(CLI::App& group, Chosen& chosen);
void addTokenizerExport(CLI::App& group, Chosen& chosen);

}  // namespace z2::cli
