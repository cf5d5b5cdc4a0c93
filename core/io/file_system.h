#pragma once

// The file operations of code that must survive a crash, behind an interface, so that tests can put
// a disk under it that loses, tears and reorders (tests/crash/fault_fs.h).
//
// Non-goals: speed of small operations; anything that durable writing does not need.

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/error.h"
#include "core/io/files.h"

namespace z2 {

// A new file that is written from its start to its end. Destroying it closes it.
class OutputFile {
 public:
  virtual ~OutputFile() = default;
  [[nodiscard]] virtual Result<void> write(std::span<const std::byte> bytes) = 0;
  // After an error the pages may be marked clean though lost: never retry, write another file.
  [[nodiscard]] virtual Result<void> sync() = 0;
  [[nodiscard]] virtual Result<void> close() = 0;
};

struct FolderEntry {
  std::string name;
  bool isFolder = false;
};

// Thread-safe. Paths are used as they are; nothing is resolved.
class FileSystem {
 public:
  virtual ~FileSystem() = default;

  // The file must not exist yet.
  [[nodiscard]] virtual Result<std::unique_ptr<OutputFile>> create(
      const std::filesystem::path& path) = 0;
  [[nodiscard]] virtual Result<void> makeFolder(const std::filesystem::path& path) = 0;
  // Replaces a file; a folder only when the target is not there or empty.
  [[nodiscard]] virtual Result<void> rename(const std::filesystem::path& from,
                                            const std::filesystem::path& to) = 0;
  [[nodiscard]] virtual Result<void> removeFile(const std::filesystem::path& path) = 0;
  [[nodiscard]] virtual Result<void> removeFolder(const std::filesystem::path& path) = 0;
  [[nodiscard]] virtual Result<void> syncFolder(const std::filesystem::path& path) = 0;

  // Sorted by name. An error when the folder is not there.
  [[nodiscard]] virtual Result<std::vector<FolderEntry>> list(
      const std::filesystem::path& folder) = 0;
  // Hands the file's bytes to `sink`, in order. A sector that cannot be read is kCorrupt.
  [[nodiscard]] virtual Result<void> read(
      const std::filesystem::path& path,
      const std::function<void(std::span<const std::byte>)>& sink) = 0;
  [[nodiscard]] virtual Result<MappedFile> map(const std::filesystem::path& path) = 0;
  // What an unprivileged program may still write to the disk that holds `folder`.
  [[nodiscard]] virtual Result<uint64_t> freeBytes(const std::filesystem::path& folder) = 0;
};

// The machine's own. Lives as long as the process.
[[nodiscard]] FileSystem& systemFiles();

// Creates, writes, syncs and closes a whole file; on an error nothing of it is left.
[[nodiscard]] Result<void> writeNewFile(FileSystem& files, const std::filesystem::path& path,
                                        std::string_view bytes);
// Removes a folder and what is in it; goes on after an error and returns the first.
[[nodiscard]] Result<void> removeTree(FileSystem& files, const std::filesystem::path& folder);

}  // namespace z2
