#include "core/tokenizer/tokenizer_config_file.h"

#include <string>
#include <string_view>
#include <utility>

#include "core/io/files.h"

namespace z2 {

Result<void> writeTokenizerConfig(const std::filesystem::path& folder, Json config) {
  constexpr std::string_view kEntry = "\"model_max_length\": null";
  constexpr std::string_view kUnlimited = "\"model_max_length\": 1000000000000000019884624838656";
  config["model_max_length"] = nullptr;  // the last key
  std::string text = config.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
  text.replace(text.rfind(kEntry), kEntry.size(), kUnlimited);
  return replaceFile(folder / "tokenizer_config.json", text);
}

}  // namespace z2
