#include "app/cli/data/data_command.h"

namespace z2::cli {

void addDataCommand(CLI::App& app, Chosen& chosen) {
  CLI::App& data = *app.add_subcommand("data", "Make, look into and import training data");
  data.require_subcommand(1);
  addDataGenerateCommand(data, chosen);
  addDataImportCommand(data, chosen);
  addDataInspectCommand(data, chosen);
  addDataTokenizeCommand(data, chosen);
}

}  // namespace z2::cli
