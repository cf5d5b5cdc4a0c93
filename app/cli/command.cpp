#include "app/cli/command.h"

#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>
#include <utility>

namespace z2::cli {

void onChosen(CLI::App& subcommand, Chosen& chosen, Action action) {
  subcommand.callback([&chosen, action = std::move(action)] { chosen.action = action; });
}

void printJson(const Json& value) {
  const std::string line = jsonLine(value) + "\n";
  std::fwrite(line.data(), 1, line.size(), stdout);
  std::fflush(stdout);
}

Language languageOfTerminal() {
  for (const char* name : {"LC_ALL", "LC_MESSAGES", "LANG"}) {
    const char* value = std::getenv(name);
    if (value == nullptr || *value == '\0') continue;
    return std::string_view(value).starts_with("zh") ? Language::kChinese : Language::kEnglish;
  }
  return Language::kEnglish;
}

}  // namespace z2::cli
