#include "core/chat/template_source.h"

#include <filesystem>
#include <optional>
#include <string>
#include <system_error>
#include <utility>

#include <fmt/format.h>

#include "core/chat/builtin_templates.h"
#include "core/io/files.h"
#include "core/io/json.h"
#include "core/io/limits.h"

namespace z2 {

namespace fs = std::filesystem;

namespace {

bool isFile(const fs::path& path) {
  std::error_code failure;
  return fs::is_regular_file(path, failure);
}

Result<TemplateSource> fromFile(const fs::path& path) {
  Z2_TRY(std::string source, readFile(path, limits::kStringBytes));
  return TemplateSource{path.native(), std::move(source), {}};
}

// A text, or a list of {"name", "template"} of which "default" is meant.
Result<std::optional<TemplateSource>> fromConfig(const fs::path& path) {
  Z2_TRY(const Json config, readJsonFile(path));
  if (!config.is_object() || !config.contains("chat_template")) return std::nullopt;
  const Json& held = config.at("chat_template");
  const std::string name = path.native() + " (chat_template)";
  if (held.is_string()) return TemplateSource{name, held.get<std::string>(), {}};
  if (held.is_array())
    for (const Json& one : held)
      if (one.is_object() && one.value("name", "") == "default" && one.contains("template") &&
          one.at("template").is_string())
        return TemplateSource{name, one.at("template").get<std::string>(), {}};
  if (held.is_null()) return std::nullopt;
  return badInput(path.native(), "its chat_template is neither text nor a list with \"default\"");
}

}  // namespace

Result<std::optional<TemplateSource>> modelTemplate(const fs::path& tokenizer) {
  const fs::path folder = isFile(tokenizer) ? tokenizer.parent_path() : tokenizer;
  if (const fs::path own = folder / "chat_template.jinja"; isFile(own)) {
    Z2_TRY(TemplateSource source, fromFile(own));
    return std::optional(std::move(source));
  }
  if (const fs::path config = folder / "tokenizer_config.json"; isFile(config))
    return fromConfig(config);
  return std::nullopt;
}

Result<TemplateSource> findTemplate(const std::string& choice, const fs::path& tokenizer) {
  if (choice.empty()) {
    Z2_TRY(auto own, modelTemplate(tokenizer));
    return own ? std::move(*own) : findTemplate("chatml", tokenizer);
  }
  if (const BuiltinTemplate* known = builtinTemplate(choice)) {
    TemplateSource made{std::string(known->name), known->source, {}};
    for (const std::string_view token : known->specialTokens)
      made.specialTokens.emplace_back(token);
    return made;
  }
  const fs::path path(choice);
  if (isFile(path)) {
    if (path.extension() != ".json") return fromFile(path);
    Z2_TRY(auto held, fromConfig(path));
    if (held) return std::move(*held);
    return badInput(choice, "this file has no chat_template");
  }
  std::error_code failure;
  if (!fs::is_directory(path, failure))
    return badInput("--template", fmt::format("there is no template or file \"{}\"", choice),
                    "Use chatml, llama2, llama3, alpaca, z2all, a Jinja file or a model's folder");
  Z2_TRY(auto held, modelTemplate(path));
  if (held) return std::move(*held);
  return badInput(choice, "this folder has no chat template",
                  "It would be chat_template.jinja or stand in tokenizer_config.json");
}

}  // namespace z2
