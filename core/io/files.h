#pragma once

// Files as the project writes and reads them. Every durable small file is replaced atomically
// (temporary file, fsync, rename, fsync of the folder), so that a crash leaves the old or the new
// one and never half of either.

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>

#include "core/base/error.h"

namespace z2 {

// An open file descriptor; closed by its owner's destruction. Movable, not copyable.
class FileHandle {
 public:
  FileHandle() = default;
  explicit FileHandle(int fd) : fd_(fd) {}
  ~FileHandle();
  FileHandle(FileHandle&& other) noexcept;
  FileHandle& operator=(FileHandle&& other) noexcept;
  FileHandle(const FileHandle&) = delete;
  FileHandle& operator=(const FileHandle&) = delete;

  [[nodiscard]] int fd() const { return fd_; }
  [[nodiscard]] bool isOpen() const { return fd_ >= 0; }
  // Closes now and reports what close(2) said (a full disk may only show here).
  [[nodiscard]] Result<void> close(const std::filesystem::path& path);

 private:
  int fd_ = -1;
};

// A whole file mapped read-only. The bytes live as long as the object. An empty file is an empty
// span. Thread-safe for reading.
class MappedFile {
 public:
  MappedFile() = default;
  ~MappedFile();
  MappedFile(MappedFile&& other) noexcept;
  MappedFile& operator=(MappedFile&& other) noexcept;
  MappedFile(const MappedFile&) = delete;
  MappedFile& operator=(const MappedFile&) = delete;

  [[nodiscard]] static Result<MappedFile> open(const std::filesystem::path& path);

  [[nodiscard]] std::span<const std::byte> bytes() const { return {data_, size_}; }
  [[nodiscard]] std::string_view text() const {
    return {reinterpret_cast<const char*>(data_), size_};
  }

 private:
  const std::byte* data_ = nullptr;
  size_t size_ = 0;
};

// Flags as for open(2); O_CLOEXEC is added, mode 0644.
[[nodiscard]] Result<FileHandle> openFile(const std::filesystem::path& path, int flags);
// Writes all of `bytes`, going on after short writes and EINTR.
[[nodiscard]] Result<void> writeAll(const FileHandle& file, std::string_view bytes,
                                    const std::filesystem::path& path);
[[nodiscard]] Result<void> syncFile(const FileHandle& file, const std::filesystem::path& path);
// fsync of a folder: makes renames and new names in it durable.
[[nodiscard]] Result<void> syncFolder(const std::filesystem::path& folder);

// The whole file; refuses more than `limit` bytes.
[[nodiscard]] Result<std::string> readFile(const std::filesystem::path& path,
                                           uint64_t limit = uint64_t{1} << 32);
// Replaces `path` atomically and durably.
[[nodiscard]] Result<void> replaceFile(const std::filesystem::path& path, std::string_view bytes);
[[nodiscard]] Result<void> makeFolders(const std::filesystem::path& folder);

}  // namespace z2
