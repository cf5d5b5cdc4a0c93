#pragma once

// The chat templates that come with the program.

#include <string>
#include <string_view>
#include <vector>

namespace z2 {

struct BuiltinTemplate {
  std::string_view name;
  std::string source;  // Jinja, with {% generation %} around what is trained
  std::vector<std::string_view> specialTokens;  // that it relies on
};

// chatml, llama2, llama3, alpaca, z2all.
[[nodiscard]] const std::vector<BuiltinTemplate>& builtinTemplates();
// Null when there is none of that name.
[[nodiscard]] const BuiltinTemplate* builtinTemplate(std::string_view name);

}  // namespace z2
