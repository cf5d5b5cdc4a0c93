#pragma once

// A lock file: there while one process works at something, gone afterwards. The kernel gives the
// lock back when the process dies in whatever way.

#include <filesystem>
#include <optional>
#include <utility>

#include "core/base/error.h"
#include "core/io/files.h"

namespace z2 {

class FileLock {
 public:
  // Does not wait; nothing when another process, or another lock of this one, holds it.
  [[nodiscard]] static Result<std::optional<FileLock>> tryTake(const std::filesystem::path& path);
  // Removes the file.
  ~FileLock();
  FileLock(FileLock&&) noexcept = default;
  FileLock& operator=(FileLock&&) noexcept = default;
  FileLock(const FileLock&) = delete;
  FileLock& operator=(const FileLock&) = delete;

 private:
  FileLock(FileHandle file, std::filesystem::path path)
      : file_(std::move(file)), path_(std::move(path)) {}
  FileHandle file_;
  std::filesystem::path path_;
};

}  // namespace z2
