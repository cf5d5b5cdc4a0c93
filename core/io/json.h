#pragma once

// The one place where nlohmann::json's exceptions are caught.

#include <filesystem>
#include <string_view>

#include <nlohmann/json.hpp>

#include "core/base/error.h"

namespace z2 {

using Json = nlohmann::ordered_json;

// `where` names the text in the error: a path, or path:line. Depth is limited to 64.
[[nodiscard]] Result<Json> parseJson(std::string_view text, std::string_view where);
[[nodiscard]] Result<Json> readJsonFile(const std::filesystem::path& path,
                                        uint64_t limit = uint64_t{100} << 20);
// Atomic and durable; a final newline is added.
[[nodiscard]] Result<void> writeJsonFile(const std::filesystem::path& path, const Json& value);
// On one line, invalid UTF-8 replaced by U+FFFD.
[[nodiscard]] std::string jsonLine(const Json& value);

}  // namespace z2
