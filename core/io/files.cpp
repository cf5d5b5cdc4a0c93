#include "core/io/files.h"

#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

namespace z2 {

namespace fs = std::filesystem;

FileHandle::~FileHandle() {
  if (fd_ >= 0) ::close(fd_);
}

FileHandle::FileHandle(FileHandle&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}

FileHandle& FileHandle::operator=(FileHandle&& other) noexcept {
  std::swap(fd_, other.fd_);
  return *this;
}

Result<void> FileHandle::close(const fs::path& path) {
  if (::close(std::exchange(fd_, -1)) != 0) return systemError(errno, "closing", path.native());
  return {};
}

MappedFile::~MappedFile() {
  if (size_ > 0) ::munmap(const_cast<std::byte*>(data_), size_);
}

MappedFile::MappedFile(MappedFile&& other) noexcept
    : data_(std::exchange(other.data_, nullptr)), size_(std::exchange(other.size_, 0)) {}

MappedFile& MappedFile::operator=(MappedFile&& other) noexcept {
  std::swap(data_, other.data_);
  std::swap(size_, other.size_);
  return *this;
}

Result<MappedFile> MappedFile::open(const fs::path& path) {
  Z2_TRY(const FileHandle file, openFile(path, O_RDONLY));
  struct stat info {};
  if (::fstat(file.fd(), &info) != 0) return systemError(errno, "reading", path.native());
  if (!S_ISREG(info.st_mode)) return badInput(path.native(), "this is not a regular file");
  MappedFile mapped;
  if (info.st_size == 0) return mapped;
  const auto size = static_cast<size_t>(info.st_size);
  void* address = ::mmap(nullptr, size, PROT_READ, MAP_SHARED, file.fd(), 0);
  if (address == MAP_FAILED) return systemError(errno, "mapping", path.native());
  mapped.data_ = static_cast<const std::byte*>(address);
  mapped.size_ = size;
  return mapped;
}

Result<FileHandle> openFile(const fs::path& path, int flags) {
  int fd = -1;
  do {
    fd = ::open(path.c_str(), flags | O_CLOEXEC, 0644);
  } while (fd < 0 && errno == EINTR);
  if (fd >= 0) return FileHandle(fd);
  if (errno == ENOENT && (flags & O_CREAT) == 0)
    return badInput(path.native(), "there is no such file", "Check the path");
  return systemError(errno, "opening", path.native());
}

Result<void> writeAll(const FileHandle& file, std::string_view bytes, const fs::path& path) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(file.fd(), bytes.data(), bytes.size());
    if (written < 0) {
      if (errno == EINTR) continue;
      return systemError(errno, "writing", path.native());
    }
    bytes.remove_prefix(static_cast<size_t>(written));
  }
  return {};
}

Result<void> syncFile(const FileHandle& file, const fs::path& path) {
  if (::fsync(file.fd()) != 0) return systemError(errno, "syncing", path.native());
  return {};
}

Result<void> syncFolder(const fs::path& folder) {
  const fs::path opened = folder.empty() ? fs::path(".") : folder;
  Z2_TRY(const FileHandle handle, openFile(opened, O_RDONLY | O_DIRECTORY));
  return syncFile(handle, opened);
}

Result<std::string> readFile(const fs::path& path, uint64_t limit) {
  Z2_TRY(const FileHandle file, openFile(path, O_RDONLY));
  std::string content;
  std::string block(size_t{1} << 16, '\0');
  while (true) {
    const ssize_t count = ::read(file.fd(), block.data(), block.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return systemError(errno, "reading", path.native());
    if (count == 0) return content;
    content.append(block, 0, static_cast<size_t>(count));
    if (content.size() > limit)
      return badInput(path.native(), "the file is larger than " + std::to_string(limit) + " bytes");
  }
}

Result<void> replaceFile(const fs::path& path, std::string_view bytes) {
  fs::path temporary = path;
  temporary += ".tmp-" + std::to_string(::getpid());
  Z2_TRY(FileHandle file, openFile(temporary, O_WRONLY | O_CREAT | O_TRUNC));
  const auto discard = [&](Error error) -> Result<void> {
    ::unlink(temporary.c_str());
    return tl::unexpected(std::move(error));
  };
  if (auto done = writeAll(file, bytes, temporary); !done) return discard(done.error());
  if (auto done = syncFile(file, temporary); !done) return discard(done.error());
  if (auto done = file.close(temporary); !done) return discard(done.error());
  if (::rename(temporary.c_str(), path.c_str()) != 0) {
    const int reason = errno;
    return discard(systemError(reason, "replacing", path.native()).value());
  }
  return syncFolder(path.parent_path());
}

Result<void> makeFolders(const fs::path& folder) {
  std::error_code failure;
  fs::create_directories(folder, failure);
  if (failure) return systemError(failure.value(), "creating", folder.native());
  return {};
}

}  // namespace z2
