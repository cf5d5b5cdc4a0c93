#pragma once

// A chat template on its way to where transformers looks for it: chat_template.jinja, and
// "chat_template" of tokenizer_config.json.

#include <filesystem>
#include <string>
#include <vector>

#include "core/base/error.h"

namespace z2 {

// Puts the template into the folder under both names; other settings stay as they are. Returns the
// files' names.
[[nodiscard]] Result<std::vector<std::filesystem::path>> writeChatTemplate(
    const std::filesystem::path& folder, const std::string& text);

}  // namespace z2
