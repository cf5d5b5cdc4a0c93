#pragma once

// Appends to metrics.jsonl.

#include <cstdint>
#include <filesystem>
#include <utility>

#include "core/base/error.h"
#include "core/io/files.h"
#include "core/io/json.h"

namespace z2 {

// `seq` starts at 0 and goes on where the file ends, without a gap; a torn last line left by a
// crash is cut off first. The file is locked while the writer lives, so that a run has one writer.
class MetricsWriter {
 public:
  [[nodiscard]] static Result<MetricsWriter> open(const std::filesystem::path& file);
  // Writes "seq", "attempt", "step", "time" (Unix seconds), then `values`, an object, as one line
  // with one write(2). After an error (a full disk) the file is as before and `seq` is not used up.
  [[nodiscard]] Result<void> append(int attempt, int64_t step, const Json& values);

 private:
  MetricsWriter(std::filesystem::path path, FileHandle file, uint64_t nextSequence)
      : path_(std::move(path)), file_(std::move(file)), nextSequence_(nextSequence) {}
  std::filesystem::path path_;
  FileHandle file_;
  uint64_t nextSequence_;
};

}  // namespace z2
