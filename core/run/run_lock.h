#pragma once

// The right to supervise a run, held by one process at a time and given back by the kernel when it
// dies in whatever way.

#include <filesystem>
#include <utility>

#include "core/base/error.h"
#include "core/base/process.h"
#include "core/io/files.h"

namespace z2 {

class RunLock {
 public:
  // Does not wait. When another process holds it, the error (environment, retryable) names its pid.
  [[nodiscard]] static Result<RunLock> take(const std::filesystem::path& runDirectory);
  // Gives it back.
  ~RunLock();
  RunLock(RunLock&&) noexcept = default;
  RunLock& operator=(RunLock&&) noexcept = default;
  RunLock(const RunLock&) = delete;
  RunLock& operator=(const RunLock&) = delete;

  // The living process that holds it; nobody when there is none.
  [[nodiscard]] static ProcessId holder(const std::filesystem::path& runDirectory);

 private:
  explicit RunLock(FileHandle file) : file_(std::move(file)) {}
  FileHandle file_;
};

}  // namespace z2
