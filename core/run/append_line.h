#pragma once

#include <filesystem>
#include <string_view>

#include "core/base/error.h"

namespace z2 {

// One line more at the end of a file of lines, made when missing. Half a line that a crash left is
// ended first, so that it does not swallow this one. `isSynced`: returns when it is on the disk.
[[nodiscard]] Result<void> appendLine(const std::filesystem::path& file, std::string_view line,
                                      bool isSynced);

}  // namespace z2
