#include "core/run/append_line.h"

#include <cerrno>
#include <string>

#include <fcntl.h>
#include <unistd.h>

#include "core/io/files.h"

namespace z2 {

namespace {

Result<bool> endsWithNewline(const FileHandle& file, const std::filesystem::path& path) {
  const off_t size = ::lseek(file.fd(), 0, SEEK_END);
  if (size <= 0) return true;
  char last = 0;
  if (::pread(file.fd(), &last, 1, size - 1) != 1)
    return systemError(errno, "reading", path.native());
  return last == '\n';
}

}  // namespace

Result<void> appendLine(const std::filesystem::path& file, std::string_view line, bool isSynced) {
  Z2_TRY(const FileHandle handle, openFile(file, O_RDWR | O_CREAT | O_APPEND));
  Z2_TRY(const bool isWhole, endsWithNewline(handle, file));
  Z2_TRY_VOID(writeAll(handle, (isWhole ? "" : "\n") + std::string(line) + "\n", file));
  return isSynced ? syncFile(handle, file) : Result<void>();
}

}  // namespace z2
