#pragma once

// Reads metrics.jsonl while it grows.

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string_view>

#include "core/base/error.h"
#include "core/io/json.h"

namespace z2 {

struct MetricsRow {
  uint64_t seq = 0;
  int attempt = 0;
  int64_t step = 0;
  double time = 0;
  Json values = {};            // the whole record, the four above included
  std::string_view line = {};  // its text without the newline; valid in the callback only
};

// Hands out each row once, in order. A last line without its newline is not yet there; it is read
// by a later poll, once it is whole. Memory does not grow with the file. Thread-compatible.
class MetricsReader {
 public:
  using OnRow = std::function<void(const MetricsRow&)>;

  explicit MetricsReader(std::filesystem::path file) : path_(std::move(file)) {}

  // Reads what has come since the last poll; a file that does not exist yet is empty. Errors: a
  // line that is no record (corrupt, with its line number); a gap in `seq`; a file shorter than
  // what was read before. What came before the error was handed out.
  [[nodiscard]] Result<void> poll(const OnRow& onRow);

  [[nodiscard]] uint64_t rows() const { return nextSequence_; }
  [[nodiscard]] uint64_t bytes() const { return offset_; }  // of the whole lines read so far

 private:
  [[nodiscard]] Result<void> takeLine(std::string_view line, const OnRow& onRow);

  std::filesystem::path path_;
  uint64_t offset_ = 0;
  uint64_t nextSequence_ = 0;
};

}  // namespace z2
