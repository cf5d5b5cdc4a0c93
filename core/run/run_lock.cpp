#include "core/run/run_lock.h"

#include <cerrno>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <string>
#include <thread>
#include <utility>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include "core/run/run_status.h"

namespace z2 {

namespace fs = std::filesystem;

namespace {

fs::path lockFile(const fs::path& runDirectory) { return runDirectory / "lock"; }

// Whether the run has ended, so that its supervisor only has to leave.
bool hasEnded(const fs::path& runDirectory) {
  const auto status = readRunStatus(runDirectory / "status.json");
  return status && status->state != RunState::kCreated && !isActive(status->state);
}

// Waits a few seconds for a supervisor that is about to leave, and for no other.
bool lock(const FileHandle& file, const fs::path& runDirectory) {
  constexpr auto kPause = std::chrono::milliseconds(50);
  for (int tries = 0; ::flock(file.fd(), LOCK_EX | LOCK_NB) != 0; ++tries) {
    if (errno != EWOULDBLOCK) return false;
    if (tries == 60 || !hasEnded(runDirectory)) {
      errno = EWOULDBLOCK;
      return false;
    }
    std::this_thread::sleep_for(kPause);
  }
  return true;
}

}  // namespace

Result<RunLock> RunLock::take(const fs::path& runDirectory) {
  const fs::path path = lockFile(runDirectory);
  Z2_TRY(FileHandle file, openFile(path, O_RDWR | O_CREAT));
  if (!lock(file, runDirectory)) {
    if (errno != EWOULDBLOCK) return systemError(errno, "locking", path.native());
    auto failure = environmentError(
        runDirectory.native(),
        "this run is already supervised by process " + std::to_string(holder(runDirectory).pid),
        "Watch it with `z2all run status`, or end it with `z2all run stop`");
    failure.value().retryable = true;
    return failure;
  }
  // For readers; the lock itself is the kernel's.
  const ProcessId self = thisProcess();
  if (::ftruncate(file.fd(), 0) != 0) return systemError(errno, "writing", path.native());
  Z2_TRY_VOID(writeAll(file, fmt::format("{} {}\n", self.pid, self.startTicks), path));
  return RunLock(std::move(file));
}

RunLock::~RunLock() {
  // A process that goes on after its run has ended supervises nothing.
  if (!file_.isOpen()) return;
  [[maybe_unused]] const int ignored = ::ftruncate(file_.fd(), 0);
}

ProcessId RunLock::holder(const fs::path& runDirectory) {
  std::ifstream file(lockFile(runDirectory));
  ProcessId holder;
  if (!(file >> holder.pid >> holder.startTicks) || !isAlive(holder)) return {};
  return holder;
}

}  // namespace z2
