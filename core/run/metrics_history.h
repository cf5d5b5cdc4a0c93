#pragma once

// The metrics of a run as one story: after a rollback the rows of the new attempt supersede the old
// ones from its first step on.

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/run/metrics_reader.h"
#include "core/run/rollback_rule.h"

namespace z2 {

// One metric over the steps at which it was recorded, ascending.
struct MetricSeries {
  std::vector<int64_t> steps;
  std::vector<double> values;
};

// A value and where it was.
struct MetricPoint {
  int64_t step = 0;
  double value = 0;
};

// Feed rows in order, from MetricsReader::poll. Rows without a number (NaN is written as null) keep
// the metric out of that step. Thread-compatible.
class MetricsHistory {
 public:
  void add(const MetricsRow& row);

  [[nodiscard]] const std::map<std::string, MetricSeries>& series() const { return series_; }
  [[nodiscard]] int64_t lastStep() const { return rule_.lastStep(); }
  [[nodiscard]] int attempt() const { return rule_.attempt(); }
  // How often rows were superseded: a view that has drawn them draws anew.
  [[nodiscard]] int rollbacks() const { return rollbacks_; }

  [[nodiscard]] std::optional<MetricPoint> last(const std::string& metric) const;
  [[nodiscard]] std::optional<MetricPoint> least(const std::string& metric) const;
  [[nodiscard]] std::optional<MetricPoint> greatest(const std::string& metric) const;

 private:
  void dropFrom(int64_t step);

  std::map<std::string, MetricSeries> series_;
  RollbackRule rule_;
  int rollbacks_ = 0;
};

}  // namespace z2
