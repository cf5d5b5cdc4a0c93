#include "core/run/run_compare.h"

#include <string>
#include <utility>
#include <vector>

#include "core/config/schema.h"
#include "core/run/metrics_history.h"
#include "core/run/metrics_reader.h"
#include "core/run/run_report.h"

namespace z2 {

namespace {

Result<Json> metricsOf(const RunDirectory& run) {
  MetricsHistory history;
  MetricsReader reader(run.metrics());
  Z2_TRY_VOID(reader.poll([&](const MetricsRow& row) { history.add(row); }));
  Json metrics = Json::object();
  for (const auto& [name, series] : history.series()) {
    const auto last = history.last(name);
    const auto least = history.least(name);
    const auto greatest = history.greatest(name);
    if (!last || !least || !greatest) continue;
    metrics[name] = {{"last", last->value},    {"last_step", last->step},
                     {"min", least->value},    {"min_step", least->step},
                     {"max", greatest->value}, {"max_step", greatest->step}};
  }
  return metrics;
}

Json differencesOf(const std::vector<RunDirectory>& runs) {
  Json all = Json::array();
  for (const Field& field : schema()) {
    Json values = Json::array();
    const Json* first = nullptr;
    bool isSame = true;
    for (const RunDirectory& run : runs) {
      static const Json kNone;
      const bool isKey = field.appliesTo(run.config().task());
      const Json& value = isKey && run.knows(field.key) ? run.config().value(field.key) : kNone;
      values.push_back(value);
      // What an imported run does not know differs from nothing.
      if (!run.knows(field.key)) continue;
      if (first == nullptr) first = &value;
      isSame = isSame && value == *first;
    }
    if (!isSame) all.push_back({{"key", field.key}, {"values", std::move(values)}});
  }
  return all;
}

}  // namespace

Result<Json> compareRuns(const std::vector<RunDirectory>& runs) {
  Json entries = Json::array();
  for (const RunDirectory& run : runs) {
    Z2_TRY(const RunReport report, inspectRun(run));
    Z2_TRY(Json metrics, metricsOf(run));
    entries.push_back({{"name", run.name()},
                       {"path", run.path().native()},
                       {"task", nameOf(run.config().task())},
                       {"state", nameOf(report.status.state)},
                       {"step", report.status.step},
                       {"steps", report.status.steps},
                       {"metrics", std::move(metrics)}});
  }
  return Json{{"runs", std::move(entries)}, {"differences", differencesOf(runs)}};
}

}  // namespace z2
