#pragma once

// `z2all chat`: a conversation with a model in the terminal (app/cli/dialogue.h says how it is
// written for the model).

#include "app/cli/command.h"

namespace z2::cli {

void addChatCommand(CLI::App& app, Chosen& chosen);

}  // namespace z2::cli
