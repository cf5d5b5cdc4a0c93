#pragma once

// Everything that a run's metrics.jsonl says, ready to be drawn at any zoom: no point is left out.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "core/base/error.h"
#include "core/run/metric_names.h"
#include "core/run/metrics_reader.h"
#include "core/run/rollback_rule.h"
#include "ui/charts/store/curve_table.h"

namespace z2::ui {

// Rows in, curves out. One thread changes it; see SharedCurves for reading beside it.
class RunCurves {
 public:
  // Rows that a new attempt supersedes go to superseded().
  void add(const MetricsRow& row);
  void addDamage(const Error& damage);

  // The rows that count.
  [[nodiscard]] const CurveTable& current() const { return current_; }
  [[nodiscard]] CurveTable& current() { return current_; }
  // Those that do not count any more, a table a rollback.
  [[nodiscard]] std::span<const CurveTable> superseded() const { return superseded_; }
  [[nodiscard]] const MetricNames& names() const { return names_; }
  // Null: the run has no such metric.
  [[nodiscard]] const CurveSeries* series(std::string_view metric) const;

  // Lines that were passed over or did not follow each other; of many, the first ones.
  [[nodiscard]] std::span<const Error> damages() const { return damages_; }
  [[nodiscard]] uint64_t damageCount() const { return damageCount_; }
  [[nodiscard]] size_t bytes() const;

  // For the cache.
  struct Saved {
    CurveTable current;
    std::vector<CurveTable> superseded;
    MetricNames names;
    std::vector<Error> damages;
    uint64_t damageCount = 0;
    RollbackRule rule;
  };
  explicit RunCurves(Saved saved);
  RunCurves() = default;
  [[nodiscard]] const RollbackRule& rule() const { return rule_; }

 private:
  [[nodiscard]] uint32_t numberOf(const MetricNames& names, uint32_t metric);

  CurveTable current_;
  std::vector<CurveTable> superseded_;
  MetricNames names_;
  const MetricNames* translatedFrom_ = nullptr;
  std::vector<uint32_t> translation_;  // the reader's numbers of metrics to ours
  std::vector<MetricValue> values_;    // of the row under way
  RollbackRule rule_;
  int64_t tokens_ = 0;
  double time_ = 0;
  std::vector<Error> damages_;
  uint64_t damageCount_ = 0;
};

}  // namespace z2::ui
