#pragma once

// Lines of a file or of standard input, read in blocks: memory is bounded by the longest line.

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "core/base/error.h"
#include "core/io/files.h"

namespace z2::cli {

// Thread-compatible.
class LineInput {
 public:
  // "-" is standard input.
  [[nodiscard]] static Result<LineInput> open(const std::string& path);

  // The next line without its newline, valid until the next call; nullopt at the end. A last line
  // without a newline counts. A line over 1 GiB is refused.
  [[nodiscard]] Result<std::optional<std::string_view>> next();
  // Everything that is left.
  [[nodiscard]] Result<std::string> rest();
  // "path:line" of the line that next() gave last.
  [[nodiscard]] std::string where() const;

 private:
  LineInput(FileHandle file, std::filesystem::path path)
      : file_(std::move(file)), path_(std::move(path)) {}
  // Appends to buffer_; false at the end.
  [[nodiscard]] Result<bool> fill();

  FileHandle file_;
  std::filesystem::path path_;
  std::string buffer_;
  size_t at_ = 0;
  uint64_t line_ = 0;
  bool isAtEnd_ = false;
};

}  // namespace z2::cli
