#pragma once

// Where a chat template comes from.

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "core/base/error.h"

namespace z2 {

struct TemplateSource {
  std::string name;                        // for errors and manifests: chatml, a path
  std::string source;                      // Jinja
  std::vector<std::string> specialTokens;  // that a template of the program relies on
};

// The chat template beside a tokenizer (chat_template.jinja, or chat_template in
// tokenizer_config.json) of a folder, or of the folder that a tokenizer's file lies in.
[[nodiscard]] Result<std::optional<TemplateSource>> modelTemplate(
    const std::filesystem::path& tokenizer);

// `choice`: chatml, llama2, llama3, alpaca or z2all; a Jinja file; a tokenizer_config.json; a
// model's folder; or "", which takes the tokenizer's own, and chatml where it has none.
[[nodiscard]] Result<TemplateSource> findTemplate(const std::string& choice,
                                                  const std::filesystem::path& tokenizer);

}  // namespace z2
