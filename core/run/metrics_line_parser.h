#pragma once

// The lines of metrics.jsonl as numbers, at the speed of memory: what MetricsReader is made of.

#include <cmath>
#include <cstdint>
#include <limits>
#include <memory>
#include <string_view>
#include <vector>

#include "core/run/metric_names.h"

namespace z2 {

// A number of one record. NaN: it was written as null.
struct MetricValue {
  uint32_t metric = 0;  // in the parser's or the reader's MetricNames
  double value = 0;
};

struct ParsedLine {
  std::string_view text;  // without the newline
  bool isRecord = false;  // else the other members mean nothing
  uint64_t seq = 0;
  int attempt = 0;
  int64_t step = 0;
  double time = 0;
  double tokens = std::numeric_limits<double>::quiet_NaN();  // NaN: not recorded
  uint32_t firstValue = 0;                                   // of MetricsLineParser::values()
  uint32_t values = 0;
};

// A record is a JSON object with "seq" (unsigned), "attempt" and "step" (integers). Its other
// members that are numbers or null are values; "time" and "tokens" besides have their own places.
// Thread-compatible.
class MetricsLineParser {
 public:
  // simdjson reads so far beyond a line; those bytes must exist, their contents do not matter.
  static constexpr size_t kPadding = 64;

  MetricsLineParser();
  ~MetricsLineParser();
  MetricsLineParser(MetricsLineParser&&) noexcept;
  MetricsLineParser& operator=(MetricsLineParser&&) noexcept;

  // Replaces lines() and values() by those of `text`: whole lines, each with its newline, followed
  // by kPadding readable bytes. lines() point into it.
  void parse(std::string_view text);

  [[nodiscard]] const std::vector<ParsedLine>& lines() const { return lines_; }
  [[nodiscard]] const std::vector<MetricValue>& values() const { return values_; }
  [[nodiscard]] const MetricNames& names() const { return names_; }

 private:
  struct Json;
  [[nodiscard]] bool parseRecord(ParsedLine& line, size_t readable);
  [[nodiscard]] bool isExpected(size_t position, const char* key, const char* lineEnd) const;

  std::unique_ptr<Json> json_;
  MetricNames names_;
  std::vector<uint32_t> order_;  // the members of the line before: the next line has the same
  std::vector<ParsedLine> lines_;
  std::vector<MetricValue> values_;
};

}  // namespace z2
