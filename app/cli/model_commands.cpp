#include "app/cli/model_commands.h"

namespace z2::cli {

void addModelCommands(CLI::App& app, Chosen& chosen) {
  CLI::App* model = app.add_subcommand("model", "Look at, check, import and export models");
  model->require_subcommand(1);
  addModelInfoCommands(*model, chosen);
  addModelCheckCommand(*model, chosen);
  addModelImportCommand(*model, chosen);
  addModelExportCommand(*model, chosen);
}

}  // namespace z2::cli
