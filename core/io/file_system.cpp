#include "core/io/file_system.h"

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

namespace z2 {

namespace fs = std::filesystem;

namespace {

constexpr size_t kReadBlock = size_t{1} << 18;
// One write(2) moves at most 2 GiB; smaller pieces also let the disk start early.
constexpr size_t kWriteBlock = size_t{8} << 20;

class SystemOutputFile final : public OutputFile {
 public:
  SystemOutputFile(FileHandle file, fs::path path)
      : file_(std::move(file)), path_(std::move(path)) {}

  Result<void> write(std::span<const std::byte> bytes) override {
    while (!bytes.empty()) {
      const auto piece = bytes.first(std::min(bytes.size(), kWriteBlock));
      Z2_TRY_VOID(
          writeAll(file_, {reinterpret_cast<const char*>(piece.data()), piece.size()}, path_));
      bytes = bytes.subspan(piece.size());
    }
    return {};
  }
  Result<void> sync() override { return syncFile(file_, path_); }
  Result<void> close() override { return file_.close(path_); }

 private:
  FileHandle file_;
  fs::path path_;
};

class SystemFiles final : public FileSystem {
 public:
  Result<std::unique_ptr<OutputFile>> create(const fs::path& path) override {
    Z2_TRY(FileHandle file, openFile(path, O_WRONLY | O_CREAT | O_EXCL));
    return std::make_unique<SystemOutputFile>(std::move(file), path);
  }

  Result<void> makeFolder(const fs::path& path) override {
    if (::mkdir(path.c_str(), 0755) != 0) return systemError(errno, "creating", path.native());
    return {};
  }

  Result<void> rename(const fs::path& from, const fs::path& to) override {
    if (::rename(from.c_str(), to.c_str()) != 0)
      return systemError(errno, "renaming", from.native());
    return {};
  }

  Result<void> removeFile(const fs::path& path) override {
    if (::unlink(path.c_str()) != 0) return systemError(errno, "removing", path.native());
    return {};
  }

  Result<void> removeFolder(const fs::path& path) override {
    if (::rmdir(path.c_str()) != 0) return systemError(errno, "removing", path.native());
    return {};
  }

  Result<void> syncFolder(const fs::path& path) override { return z2::syncFolder(path); }

  Result<std::vector<FolderEntry>> list(const fs::path& folder) override {
    const std::unique_ptr<DIR, int (*)(DIR*)> opened(::opendir(folder.c_str()), ::closedir);
    if (!opened) return systemError(errno, "listing", folder.native());
    std::vector<FolderEntry> entries;
    while (true) {
      errno = 0;
      const dirent* entry = ::readdir(opened.get());
      if (entry == nullptr) break;
      std::string name = entry->d_name;
      if (name == "." || name == "..") continue;
      struct stat info {};
      const bool isKnown =
          ::fstatat(::dirfd(opened.get()), entry->d_name, &info, AT_SYMLINK_NOFOLLOW) == 0;
      entries.push_back({std::move(name), isKnown && S_ISDIR(info.st_mode)});
    }
    if (errno != 0) return systemError(errno, "listing", folder.native());
    std::ranges::sort(entries, {}, &FolderEntry::name);
    return entries;
  }

  Result<void> read(const fs::path& path,
                    const std::function<void(std::span<const std::byte>)>& sink) override {
    Z2_TRY(const FileHandle file, openFile(path, O_RDONLY));
    const auto block = std::make_unique_for_overwrite<std::byte[]>(kReadBlock);
    while (true) {
      const ssize_t count = ::read(file.fd(), block.get(), kReadBlock);
      if (count < 0 && errno == EINTR) continue;
      if (count < 0 && errno == EIO)
        return corrupt(path.native(), "the disk cannot read this file");
      if (count < 0) return systemError(errno, "reading", path.native());
      if (count == 0) return {};
      sink({block.get(), static_cast<size_t>(count)});
    }
  }

  Result<MappedFile> map(const fs::path& path) override { return MappedFile::open(path); }

  Result<uint64_t> freeBytes(const fs::path& folder) override {
    struct statvfs info {};
    if (::statvfs(folder.c_str(), &info) != 0) return systemError(errno, "asking", folder.native());
    return static_cast<uint64_t>(info.f_bavail) * info.f_frsize;
  }
};

}  // namespace

FileSystem& systemFiles() {
  static SystemFiles files;
  return files;
}

Result<void> writeNewFile(FileSystem& files, const fs::path& path, std::string_view bytes) {
  Z2_TRY(const std::unique_ptr<OutputFile> file, files.create(path));
  Result<void> done = file->write(std::as_bytes(std::span(bytes)));
  if (done) done = file->sync();
  const Result<void> closed = file->close();
  if (done && !closed) done = closed;
  if (!done) (void)files.removeFile(path);
  return done;
}

Result<void> removeTree(FileSystem& files, const fs::path& folder) {
  Z2_TRY(const std::vector<FolderEntry> entries, files.list(folder));
  Result<void> outcome;
  for (const FolderEntry& entry : entries) {
    const fs::path path = folder / entry.name;
    Result<void> removed = entry.isFolder ? removeTree(files, path) : files.removeFile(path);
    if (!removed && outcome) outcome = std::move(removed);
  }
  Result<void> removed = files.removeFolder(folder);
  return outcome ? removed : outcome;
}

}  // namespace z2
