#pragma once

// XXH3-128 of files and strings, as 32 hexadecimal digits: what manifests hold to notice damage and
// change. Not a defence against forgery.

#include <filesystem>
#include <span>
#include <string>

#include "core/base/error.h"

namespace z2 {

[[nodiscard]] std::string checksumOf(std::span<const std::byte> bytes);
[[nodiscard]] std::string checksumOf(std::string_view text);
// Reads the file through a buffer of one megabyte, so that memory does not grow with it.
[[nodiscard]] Result<std::string> checksumOfFile(const std::filesystem::path& path);

}  // namespace z2
