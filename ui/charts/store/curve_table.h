#pragma once

// Rows of a run's metrics by column: what all metrics share (step, tokens, time), and a series a
// metric.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "core/run/metrics_line_parser.h"
#include "ui/charts/store/chunked_column.h"
#include "ui/charts/store/curve_series.h"
#include "ui/charts/store/integer_column.h"

namespace z2::ui {

// What a curve is drawn over.
enum class XAxis {
  kStep,
  kTokens,
  kWallTime,  // seconds since the first row
  kRunTime    // the same without the pauses between the attempts
};

// Every x rises from row to row: a clock that was set back stands still until it has caught up.
// Thread-compatible.
class CurveTable {
 public:
  struct Row {
    int64_t step = 0;
    int64_t tokens = 0;
    double time = 0;  // Unix seconds
    bool startsAttempt = false;
  };

  // The values' numbers of metrics are those by which series() is asked.
  void push(const Row& row, std::span<const MetricValue> values);
  // Moves the rows from `row` on into a table of their own.
  [[nodiscard]] CurveTable cutFrom(uint32_t row);

  [[nodiscard]] uint32_t rows() const { return static_cast<uint32_t>(steps_.size()); }
  [[nodiscard]] double x(XAxis axis, uint32_t row) const;
  // The first row whose x is not less than (more than) `x`; rows() when there is none.
  [[nodiscard]] uint32_t firstNotBefore(XAxis axis, double x) const;
  [[nodiscard]] uint32_t firstAfter(XAxis axis, double x) const;
  [[nodiscard]] int64_t step(uint32_t row) const { return steps_[row]; }
  [[nodiscard]] int64_t tokens(uint32_t row) const { return tokens_[row]; }
  [[nodiscard]] double time(uint32_t row) const { return times_[row]; }
  [[nodiscard]] bool hasTokens() const { return rows() > 0 && tokens_[rows() - 1] > 0; }
  [[nodiscard]] bool hasTimes() const { return rows() > 0 && times_[rows() - 1] > 0; }

  // The rows at which attempts began, but for the first.
  struct Attempt {
    uint32_t row = 0;
    double shift = 0;  // of the wall clock against the run's, in seconds
  };
  [[nodiscard]] std::span<const Attempt> attempts() const { return attempts_; }

  // Null: no row has this metric.
  [[nodiscard]] const CurveSeries* series(uint32_t metric) const;
  [[nodiscard]] CurveSeries* series(uint32_t metric);
  // One more than the largest number of a metric.
  [[nodiscard]] uint32_t metrics() const { return static_cast<uint32_t>(series_.size()); }
  [[nodiscard]] size_t bytes() const;

  // For the cache.
  [[nodiscard]] const ChunkedColumn<double>& times() const { return times_; }
  [[nodiscard]] double origin() const { return origin_; }
  void adoptRows(ChunkedColumn<double> times, IntegerColumn steps, IntegerColumn tokens,
                 std::vector<Attempt> attempts, double origin);
  CurveSeries& makeSeries(uint32_t metric);

 private:
  template <typename IsBefore>
  [[nodiscard]] uint32_t search(const IsBefore& isBefore) const;

  IntegerColumn steps_;
  IntegerColumn tokens_;
  ChunkedColumn<double> times_;
  std::vector<Attempt> attempts_;
  double origin_ = 0;  // the first row's time
  std::vector<std::unique_ptr<CurveSeries>> series_;
};

}  // namespace z2::ui
