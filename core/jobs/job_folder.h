#pragma once

// What is known of a job: a command of z2all that the window started as a process of its own.
//
// FOLDER/job.json says what it is, keeper.json who keeps it (job_keeper.h), `output` and `errors`
// are its standard output and error, `cancelled` is there when its user asked it to stop, end.json
// tells how it ended, `told` is there once a user was told of it. All are small; job.json,
// keeper.json and end.json are replaced atomically.

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "core/base/error.h"
#include "core/base/process.h"

namespace z2 {

struct JobSpec {
  std::string kind;                    // "tokenizer.train", …: who cares about it
  std::string title;                   // for people
  std::vector<std::string> arguments;  // of z2all
  double startedAt = 0;                // Unix seconds
};

// Thread-compatible; holds nothing but the path.
class JobFolder {
 public:
  explicit JobFolder(std::filesystem::path path) : path_(std::move(path)) {}

  [[nodiscard]] const std::filesystem::path& path() const { return path_; }
  [[nodiscard]] std::filesystem::path output() const { return path_ / "output"; }
  [[nodiscard]] std::filesystem::path errors() const { return path_ / "errors"; }

  // Makes the folder.
  [[nodiscard]] Result<void> writeSpec(const JobSpec& spec) const;
  [[nodiscard]] Result<JobSpec> readSpec() const;
  [[nodiscard]] Result<void> writeKeeper(const ProcessId& keeper) const;
  // Nothing while none was started.
  [[nodiscard]] std::optional<ProcessId> keeper() const;
  [[nodiscard]] Result<void> writeEnd(const ProcessEnd& end) const;
  // Nothing while it runs, or when its keeper was killed.
  [[nodiscard]] std::optional<ProcessEnd> end() const;
  // Remembers that it was asked to stop, for whoever looks later. Best effort.
  void markCancelled() const;
  [[nodiscard]] bool isCancelled() const;
  // Remembers that its end was told, so that the next window does not tell it again. Best effort.
  void markTold() const;
  [[nodiscard]] bool isTold() const;

 private:
  std::filesystem::path path_;
};

}  // namespace z2
