#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>

#include <sys/mman.h>
#include <unistd.h>

#include "core/io/files.h"

namespace z2 {

// A file in memory that parsers of files can open by its path.
class MemoryFile {
 public:
  MemoryFile(const uint8_t* data, size_t size) : file_(::memfd_create("fuzz", MFD_CLOEXEC)) {
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    if (!writeAll(file_, bytes, path())) std::abort();
  }
  [[nodiscard]] std::filesystem::path path() const {
    return "/proc/self/fd/" + std::to_string(file_.fd());
  }

 private:
  FileHandle file_;
};

}  // namespace z2
