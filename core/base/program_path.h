#pragma once

#include <filesystem>
#include <optional>
#include <string_view>

namespace z2 {

// The program of that name that a shell would start, by PATH.
[[nodiscard]] std::optional<std::filesystem::path> findOnPath(std::string_view program);

}  // namespace z2
