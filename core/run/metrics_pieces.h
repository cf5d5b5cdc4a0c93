#pragma once

// The lines of a large metrics.jsonl in pieces that are read and parsed ahead by other threads, so
// that whoever takes the rows in need not wait for them: what MetricsReader is made of.

#include <condition_variable>
#include <cstdint>
#include <filesystem>
#include <mutex>
#include <optional>
#include <string_view>
#include <thread>
#include <vector>

#include "core/base/error.h"
#include "core/io/files.h"
#include "core/run/metrics_line_parser.h"

namespace z2 {

// A stretch of whole lines with what they say.
struct MetricsPiece {
  uint64_t offset = 0;  // of `text` in the file
  std::string_view text;
  MetricsLineParser parser;  // has parsed `text`
  std::optional<Error> failure;

  std::vector<uint32_t> numbers;  // the parser's metrics in the reader's names
  std::vector<char> bytes;
  bool isReady = false;
};

// Lends the pieces of `file` from `begin` up to `end`, in order; a last line without its newline is
// left out. Each line belongs to the piece in which it begins. One thread calls next().
class MetricsPieces {
 public:
  MetricsPieces(const FileHandle& file, std::filesystem::path path, uint64_t begin, uint64_t end,
                size_t helpers);
  ~MetricsPieces();
  MetricsPieces(const MetricsPieces&) = delete;
  MetricsPieces& operator=(const MetricsPieces&) = delete;

  // The next one; null behind the last. Valid until the next call, which parses itself where no
  // helper has.
  [[nodiscard]] MetricsPiece* next();

 private:
  void help();
  // Under the lock: whether a piece is left to parse and the ring has room for it.
  [[nodiscard]] bool hasWork() const;
  // Under the lock, which it leaves for the work.
  void parseOne(std::unique_lock<std::mutex>& lock);
  void fill(MetricsPiece& piece, size_t number) const;
  [[nodiscard]] Result<size_t> read(MetricsPiece& piece, uint64_t from, size_t held,
                                    size_t count) const;

  const FileHandle& file_;
  const std::filesystem::path path_;
  const uint64_t begin_;
  const uint64_t end_;
  const size_t count_;
  std::vector<MetricsPiece> ring_;

  std::mutex mutex_;
  std::condition_variable changed_;
  size_t claimed_ = 0;
  size_t given_ = 0;  // the number of the next piece to lend
  bool isLent_ = false;
  bool isEnding_ = false;
  std::vector<std::jthread> helpers_;
};

}  // namespace z2
