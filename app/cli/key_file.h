#pragma once

#include <string>

#include "core/base/error.h"

namespace z2::cli {

// The secret in the first line of a file, or of standard input ("-"), without spaces around it.
[[nodiscard]] Result<std::string> readKey(const std::string& path);

}  // namespace z2::cli
