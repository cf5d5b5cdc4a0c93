#include "core/io/file_lock.h"

#include <cerrno>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

namespace z2 {

Result<std::optional<FileLock>> FileLock::tryTake(const std::filesystem::path& path) {
  while (true) {
    Z2_TRY(FileHandle file, openFile(path, O_RDWR | O_CREAT));
    if (::flock(file.fd(), LOCK_EX | LOCK_NB) != 0) {
      if (errno == EWOULDBLOCK) return std::optional<FileLock>();
      return systemError(errno, "locking", path.native());
    }
    struct stat locked {};
    struct stat named {};
    if (::fstat(file.fd(), &locked) != 0) return systemError(errno, "locking", path.native());
    // Whoever held it before may have removed the file between the opening and the locking.
    if (::stat(path.c_str(), &named) == 0 && locked.st_ino == named.st_ino &&
        locked.st_dev == named.st_dev)
      return std::optional<FileLock>(FileLock(std::move(file), path));
  }
}

FileLock::~FileLock() {
  if (file_.isOpen()) ::unlink(path_.c_str());
}

}  // namespace z2
