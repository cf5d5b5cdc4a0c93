#include "ui/charts/store/run_curves.h"

#include <cmath>
#include <utility>

namespace z2::ui {

namespace {

constexpr size_t kKeptDamages = 100;
constexpr uint32_t kNotACurve = UINT32_MAX;  // tokens are what curves are drawn over

int64_t lastOf(const CurveTable& table) {
  return table.rows() == 0 ? 0 : table.tokens(table.rows() - 1);
}

}  // namespace

RunCurves::RunCurves(Saved saved)
    : current_(std::move(saved.current)),
      superseded_(std::move(saved.superseded)),
      rule_(saved.rule),
      tokens_(lastOf(current_)),
      time_(current_.rows() == 0 ? 0 : current_.time(current_.rows() - 1)),
      damages_(std::move(saved.damages)),
      damageCount_(saved.damageCount) {
  for (uint32_t i = 0; i < saved.names.size(); ++i) names_.numberOf(saved.names[i]);
}

uint32_t RunCurves::numberOf(const MetricNames& names, uint32_t metric) {
  if (&names != translatedFrom_) {
    translation_.clear();
    translatedFrom_ = &names;
  }
  while (translation_.size() <= metric) {
    const std::string& name = names[static_cast<uint32_t>(translation_.size())];
    const bool isCurve =
        name != "tokens" && name != "seq" && name != "attempt" && name != "step" && name != "time";
    translation_.push_back(isCurve ? names_.numberOf(name) : kNotACurve);
  }
  return translation_[metric];
}

void RunCurves::add(const MetricsRow& row) {
  const RollbackRule::Verdict verdict = rule_.take(row.attempt, row.step);
  if (verdict.supersedes) {
    const uint32_t first = current_.firstNotBefore(XAxis::kStep, static_cast<double>(row.step));
    if (first < current_.rows()) superseded_.push_back(current_.cutFrom(first));
    tokens_ = lastOf(current_);
  }
  // Rows of evaluations need not say what the row before them said.
  if (!std::isnan(row.tokens)) tokens_ = std::llround(row.tokens);
  if (row.time > 0) time_ = row.time;
  values_.clear();
  for (const MetricValue& value : row.values) {
    const uint32_t metric = numberOf(*row.names, value.metric);
    if (metric != kNotACurve) values_.push_back({metric, value.value});
  }
  current_.push(
      {.step = row.step, .tokens = tokens_, .time = time_, .startsAttempt = verdict.startsAttempt},
      values_);
}

void RunCurves::addDamage(const Error& damage) {
  if (damages_.size() < kKeptDamages) damages_.push_back(damage);
  ++damageCount_;
}

const CurveSeries* RunCurves::series(std::string_view metric) const {
  const auto number = names_.find(metric);
  return number ? current_.series(*number) : nullptr;
}

size_t RunCurves::bytes() const {
  size_t bytes = current_.bytes();
  for (const CurveTable& table : superseded_) bytes += table.bytes();
  return bytes;
}

}  // namespace z2::ui
