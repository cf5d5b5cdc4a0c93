#pragma once

#include <string>

#include "core/base/error.h"

namespace z2::cli {

// The secret in the first line of a file, or of standard input ("-"), without spaces around it; of
// "keychain:NAME" what the desktop's keychain (Secret Service) has under application zero2all, key
// NAME.
[[nodiscard]] Result<std::string> readKey(const std::string& source);

}  // namespace z2::cli
