#pragma once

// Reads metrics.jsonl while it grows: the one reader, for `run tail` as for curves of millions of
// points.

#include <cstdint>
#include <filesystem>
#include <functional>
#include <limits>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "core/base/error.h"
#include "core/run/metric_names.h"
#include "core/run/metrics_line_parser.h"

namespace z2 {

// Spans and texts are valid in the callback only.
struct MetricsRow {
  uint64_t seq = 0;
  int attempt = 0;
  int64_t step = 0;
  double time = 0;                                           // Unix seconds; 0: not recorded
  double tokens = std::numeric_limits<double>::quiet_NaN();  // NaN: not recorded
  // All numbers of the record but seq, attempt, step, time; NaN for null.
  std::span<const MetricValue> values = {};
  const MetricNames* names = nullptr;  // of `values`
  std::string_view line = {};          // the record's text without the newline

  // Empty when the record lacks it or has null.
  [[nodiscard]] std::optional<double> number(std::string_view name) const;
};

// Where reading stands: what a cache keeps to go on from.
struct MetricsPosition {
  uint64_t offset = 0;        // of the first byte that was not read
  uint64_t lines = 0;         // before it, good or bad
  uint64_t nextSequence = 0;  // due there
  uint64_t rows = 0;          // handed out
};

// Hands out each row once, in order. A last line without its newline is not yet there; it is read
// by a later poll, once it is whole. Memory does not grow with the file. Large files are parsed by
// as many threads as there are cores; the callbacks come from the thread that polls.
// Thread-compatible.
class MetricsReader {
 public:
  using OnRow = std::function<void(const MetricsRow&)>;
  // Called with what is wrong at file:line; reading goes on behind it.
  using OnDamage = std::function<void(const Error&)>;

  explicit MetricsReader(std::filesystem::path file, MetricsPosition from = {})
      : path_(std::move(file)), position_(from) {}

  // Reads what has come since the last poll; a file that does not exist yet is empty. A line that
  // is no record (corrupt, with its line number) and a gap in `seq` are damage: told to `onDamage`
  // and passed over when it is given, else the error that ends the poll; what came before it was
  // handed out. Other errors: a file shorter than what was read before; a file that cannot be read.
  // Stops early, without an error, when `onBlock` is given and returns false; it is asked after
  // each few megabytes.
  [[nodiscard]] Result<void> poll(const OnRow& onRow, const OnDamage& onDamage = {},
                                  const std::function<bool()>& onBlock = {});

  [[nodiscard]] const MetricsPosition& position() const { return position_; }
  [[nodiscard]] uint64_t rows() const { return position_.rows; }
  [[nodiscard]] uint64_t bytes() const { return position_.offset; }  // of the lines read so far
  [[nodiscard]] const MetricNames& names() const { return names_; }

 private:
  // One parser a thread; its numbers of metrics are translated to the reader's.
  struct Worker {
    MetricsLineParser parser;
    std::vector<uint32_t> numbers;
    std::vector<MetricValue> values;
  };

  [[nodiscard]] Result<void> takeLines(std::string_view text, const OnRow& onRow,
                                       const OnDamage& onDamage);
  [[nodiscard]] Result<void> takeLine(const ParsedLine& line, std::span<const MetricValue> values,
                                      const OnRow& onRow, const OnDamage& onDamage);
  void translate(Worker& worker);

  std::filesystem::path path_;
  MetricsPosition position_;
  MetricNames names_;
  std::vector<Worker> workers_;
};

}  // namespace z2
