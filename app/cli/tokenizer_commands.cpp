#include "app/cli/tokenizer_commands.h"

namespace z2::cli {

void addTokenizerCommand(CLI::App& app, Chosen& chosen) {
  CLI::App& group = *app.add_subcommand("tokenizer", "Train tokenizers and use them");
  group.require_subcommand(1);
  addTokenizerTrain(group, chosen);
  addTokenizerEncode(group, chosen);
  addTokenizerDecode(group, chosen);
  addTokenizerInspect(group, chosen);
  addTokenizerExport(group, chosen);
}

}  // namespace z2::cli
