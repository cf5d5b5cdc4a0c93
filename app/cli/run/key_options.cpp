#include "app/cli/run/key_options.h"

#include <algorithm>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "app/cli/command.h"

namespace z2::cli {

namespace {

std::string textOf(const Json& value) {
  if (value.is_string()) return value.get<std::string>();
  if (!value.is_array()) return value.dump();
  std::string text;
  for (const Json& item : value) text += (text.empty() ? "" : ",") + item.get<std::string>();
  return text;
}

std::string typeText(const Field& field) {
  switch (field.type) {
    case FieldType::kInteger:
    case FieldType::kReal:
      return field.unit.empty() ? "N" : std::string(field.unit);
    case FieldType::kBoolean:
      return "true|false";
    case FieldType::kChoice:
      return fmt::format("{}", fmt::join(field.choices, "|"));
    case FieldType::kList:
      return "A,B,…";
    case FieldType::kPath:
      return "PATH";
    case FieldType::kText:
      return "TEXT";
  }
  return "";
}

// Hides the keys that a beginner does not need, unless --help-all asked for everything.
class KeyFormatter : public CLI::Formatter {
 public:
  explicit KeyFormatter(Language language) : language_(language) { column_width(44); }

  std::string make_help(const CLI::App* app, std::string name,
                        CLI::AppFormatMode mode) const override {
    showsAll_ = mode == CLI::AppFormatMode::All;
    const std::string hint =
        language_ == Language::kChinese
            ? "\n以上为常用选项；--help-all 显示全部，每项也可写作 --set KEY=VALUE。\n"
            : "\nThese are the common keys; --help-all shows all of them. --set KEY=VALUE does the "
              "same.\n";
    return CLI::Formatter::make_help(app, std::move(name), mode) + (showsAll_ ? "" : hint);
  }

  std::string make_group(std::string group, bool isPositional,
                         std::vector<const CLI::Option*> options) const override {
    if (!showsAll_)
      options.erase(std::remove_if(options.begin(), options.end(),
                                   [](const CLI::Option* option) {
                                     const auto& names = option->get_lnames();
                                     const Field* field =
                                         names.empty() ? nullptr : findField(names.front());
                                     return field != nullptr && !field->isSimple;
                                   }),
                    options.end());
    return options.empty() ? std::string()
                           : CLI::Formatter::make_group(std::move(group), isPositional, options);
  }

 private:
  Language language_;
  mutable bool showsAll_ = false;  // the library calls make_group within make_help
};

}  // namespace

void addKeyOptions(CLI::App& command, std::vector<std::string>& settings) {
  const Language language = languageOfTerminal();
  command.formatter(std::make_shared<KeyFormatter>(language));
  command.set_help_all_flag("--help-all", "Show every key");
  for (const Field& field : schema()) {
    const std::string key(field.key);
    const std::string usual = textOf(field.initial);
    std::string help =
        fmt::format("{}{} {}", field.label.in(language),
                    language == Language::kChinese ? "：" : ":", field.help.in(language));
    if (!usual.empty()) help += " [" + usual + "]";
    command
        .add_option_function<std::string>(
            "--" + key,
            [&settings, key](const std::string& value) { settings.push_back(key + "=" + value); },
            help)
        ->type_name(typeText(field))
        ->group(std::string(titleOf(field.group).in(language)));
  }
}

}  // namespace z2::cli
