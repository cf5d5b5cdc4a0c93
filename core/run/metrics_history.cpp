#include "core/run/metrics_history.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace z2 {

namespace {

template <typename Compare>
std::optional<MetricPoint> extreme(const std::map<std::string, MetricSeries>& all,
                                   const std::string& metric, Compare compare) {
  const auto found = all.find(metric);
  if (found == all.end() || found->second.values.empty()) return std::nullopt;
  const auto& values = found->second.values;
  const auto at = std::min_element(values.begin(), values.end(), compare);
  return MetricPoint{found->second.steps[static_cast<size_t>(at - values.begin())], *at};
}

}  // namespace

void MetricsHistory::add(const MetricsRow& row) {
  if (rule_.take(row.attempt, row.step).supersedes) {
    dropFrom(row.step);
    ++rollbacks_;
  }
  for (const MetricValue& number : row.values) {
    if (std::isnan(number.value)) continue;
    MetricSeries& series = series_[(*row.names)[number.metric]];
    // An evaluation may add a second row for the step of a training row.
    if (!series.steps.empty() && series.steps.back() == row.step) {
      series.values.back() = number.value;
    } else {
      series.steps.push_back(row.step);
      series.values.push_back(number.value);
    }
  }
}

void MetricsHistory::dropFrom(int64_t step) {
  for (auto& [name, series] : series_) {
    const auto first = std::lower_bound(series.steps.begin(), series.steps.end(), step);
    const auto kept = first - series.steps.begin();
    series.steps.resize(static_cast<size_t>(kept));
    series.values.resize(static_cast<size_t>(kept));
  }
}

std::optional<MetricPoint> MetricsHistory::last(const std::string& metric) const {
  const auto found = series_.find(metric);
  if (found == series_.end() || found->second.values.empty()) return std::nullopt;
  return MetricPoint{found->second.steps.back(), found->second.values.back()};
}

std::optional<MetricPoint> MetricsHistory::least(const std::string& metric) const {
  return extreme(series_, metric, std::less<>());
}

std::optional<MetricPoint> MetricsHistory::greatest(const std::string& metric) const {
  return extreme(series_, metric, std::greater<>());
}

}  // namespace z2
