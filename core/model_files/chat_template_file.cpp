#include "core/model_files/chat_template_file.h"

#include "core/io/files.h"
#include "core/io/json.h"

namespace z2 {

namespace fs = std::filesystem;

namespace {

constexpr const char* kFile = "chat_template.jinja";
constexpr const char* kSettings = "tokenizer_config.json";
constexpr const char* kKey = "chat_template";

}  // namespace

Result<std::vector<fs::path>> writeChatTemplate(const fs::path& folder, const std::string& text) {
  Json settings = Json::object();
  if (fs::exists(folder / kSettings)) {
    Z2_TRY(settings, readJsonFile(folder / kSettings));
    if (!settings.is_object()) return badInput(kSettings, "this is not a JSON object");
  }
  settings[kKey] = text;
  Z2_TRY_VOID(writeJsonFile(folder / kSettings, settings));
  Z2_TRY_VOID(replaceFile(folder / kFile, text));
  return std::vector<fs::path>{kSettings, kFile};
}

}  // namespace z2
