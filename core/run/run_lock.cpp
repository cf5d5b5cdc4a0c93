#include "core/run/run_lock.h"

#include <cerrno>
#include <filesystem>
#include <string>
#include <utility>

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

namespace z2 {

namespace fs = std::filesystem;

namespace {

fs::path lockFile(const fs::path& runDirectory) { return runDirectory / "lock"; }

}  // namespace

Result<RunLock> RunLock::take(const fs::path& runDirectory) {
  const fs::path path = lockFile(runDirectory);
  Z2_TRY(FileHandle file, openFile(path, O_RDWR | O_CREAT));
  if (::flock(file.fd(), LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK) return systemError(errno, "locking", path.native());
    std::string holder = readFile(path, 64).value_or("");
    while (!holder.empty() && holder.back() == '\n') holder.pop_back();
    auto failure = environmentError(
        runDirectory.native(), "this run is already supervised by process " + holder,
        "Watch it with `z2all run status`, or end it with `z2all run stop`");
    failure.value().retryable = true;
    return failure;
  }
  // For people and for the message above; the lock itself is the kernel's.
  if (::ftruncate(file.fd(), 0) != 0) return systemError(errno, "writing", path.native());
  Z2_TRY_VOID(writeAll(file, std::to_string(::getpid()) + "\n", path));
  return RunLock(std::move(file));
}

}  // namespace z2
