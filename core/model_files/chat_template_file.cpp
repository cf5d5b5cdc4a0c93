#include "core/model_files/chat_template_file.h"

#include "core/io/files.h"
#include "core/io/json.h"

namespace z2 {

namespace fs = std::filesystem;

namespace {

constexpr const char* kFile = "chat_template.jinja";
constexpr const char* kSettings = "tokenizer_config.json";
constexpr const char* kKey = "chat_template";

// A template, or a list of {"name", "template"}.
std::string templateIn(const Json& value) {
  if (value.is_string()) return value.get<std::string>();
  if (!value.is_array()) return {};
  for (const Json& entry : value)
    if (entry.is_object() && entry.contains("template") && entry["template"].is_string() &&
        (value.size() == 1 || entry.value("name", Json()) == "default"))
      return entry["template"].get<std::string>();
  return {};
}

}  // namespace

Result<std::string> readChatTemplate(const fs::path& tokenizer) {
  const fs::path folder = fs::is_directory(tokenizer) ? tokenizer : tokenizer.parent_path();
  if (fs::exists(folder / kFile)) return readFile(folder / kFile, kLongestChatTemplate);
  if (!fs::exists(folder / kSettings)) return std::string();
  Z2_TRY(const Json settings, readJsonFile(folder / kSettings));
  if (!settings.is_object() || !settings.contains(kKey)) return std::string();
  return templateIn(settings[kKey]);
}

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
