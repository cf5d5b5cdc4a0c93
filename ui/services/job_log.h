#pragma once

// What a job says on its standard error: progress lines, a final error, and talk.

#include <filesystem>
#include <optional>
#include <string>

#include "core/base/error.h"
#include "ui/services/job_service.h"

namespace z2::ui {

// Reads a growing file of lines from where it left off. One thread at a time.
class JobLog {
 public:
  explicit JobLog(std::filesystem::path path) : path_(std::move(path)) {}

  // Takes what was added since into the job's phase, fraction, rate and time left. True when one
  // of them changed.
  bool readInto(Job& job);
  // The error in parts, when the program told one; else made of its last words, if any.
  [[nodiscard]] std::optional<Error> failure() const;

 private:
  bool take(const std::string& line, Job& job);

  std::filesystem::path path_;
  uint64_t offset_ = 0;
  std::string rest_;  // a line that is not whole yet
  std::string lastWords_;
  std::optional<Error> error_;
};

}  // namespace z2::ui
