#pragma once

// The chat template beside a tokenizer, where transformers looks for it: chat_template.jinja, else
// "chat_template" of tokenizer_config.json.

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "core/base/error.h"

namespace z2 {

inline constexpr uint64_t kLongestChatTemplate = uint64_t{1} << 20;  // bytes

// `tokenizer` is a folder or a file in it. Of several named templates the one named "default".
// Empty when there is none.
[[nodiscard]] Result<std::string> readChatTemplate(const std::filesystem::path& tokenizer);

// Puts the template into the folder under both names; other settings stay as they are. Returns the
// files' names.
[[nodiscard]] Result<std::vector<std::filesystem::path>> writeChatTemplate(
    const std::filesystem::path& folder, const std::string& text);

}  // namespace z2
