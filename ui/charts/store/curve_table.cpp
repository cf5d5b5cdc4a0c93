#include "ui/charts/store/curve_table.h"

#include <algorithm>
#include <utility>

namespace z2::ui {

void CurveTable::push(const Row& row, std::span<const MetricValue> values) {
  const uint32_t at = rows();
  double time = row.time;
  int64_t tokens = row.tokens;
  int64_t step = row.step;
  if (at == 0) {
    origin_ = time;
  } else {
    time = std::max(time, times_[at - 1]);
    tokens = std::max(tokens, tokens_[at - 1]);
    step = std::max(step, steps_[at - 1]);
  }
  if (row.startsAttempt && at > 0) {
    // The new attempt goes on one row's time after the last row that counts.
    const double before = attempts_.empty() ? 0 : attempts_.back().shift;
    const double lastStride = at > 1 ? x(XAxis::kRunTime, at - 1) - x(XAxis::kRunTime, at - 2) : 0;
    const double pause = std::max(0.0, time - times_[at - 1] - lastStride);
    attempts_.push_back({.row = at, .shift = before + pause});
  }
  steps_.push(step);
  tokens_.push(tokens);
  times_.push(time);
  for (const MetricValue& value : values)
    makeSeries(value.metric).push(at, static_cast<float>(value.value));
}

CurveTable CurveTable::cutFrom(uint32_t row) {
  CurveTable cut;
  cut.origin_ = origin_;
  for (uint32_t r = row; r < rows(); ++r) {
    cut.steps_.push(steps_[r]);
    cut.tokens_.push(tokens_[r]);
    cut.times_.push(times_[r]);
  }
  const double shift = [&] {
    double before = 0;
    for (const Attempt& attempt : attempts_)
      if (attempt.row <= row) before = attempt.shift;
    return before;
  }();
  if (shift != 0) cut.attempts_.push_back({.row = 0, .shift = shift});
  for (const Attempt& attempt : attempts_)
    if (attempt.row > row) cut.attempts_.push_back({attempt.row - row, attempt.shift});
  for (uint32_t metric = 0; metric < metrics(); ++metric) {
    const CurveSeries* from = series(metric);
    if (from == nullptr) continue;
    for (size_t i = from->indexOf(row); i < from->size(); ++i)
      cut.makeSeries(metric).push(from->rowOf(i) - row, from->raw().values[i]);
    series_[metric]->truncate(row);
  }
  steps_.truncate(row);
  tokens_.truncate(row);
  times_.truncate(row);
  while (!attempts_.empty() && attempts_.back().row >= row) attempts_.pop_back();
  return cut;
}

double CurveTable::x(XAxis axis, uint32_t row) const {
  switch (axis) {
    case XAxis::kStep:
      return static_cast<double>(steps_[row]);
    case XAxis::kTokens:
      return static_cast<double>(tokens_[row]);
    case XAxis::kWallTime:
      return times_[row] - origin_;
    case XAxis::kRunTime:
      break;
  }
  double shift = 0;
  if (!attempts_.empty()) {
    const auto after = std::upper_bound(attempts_.begin(), attempts_.end(), row,
                                        [](uint32_t r, const Attempt& a) { return r < a.row; });
    if (after != attempts_.begin()) shift = (after - 1)->shift;
  }
  return times_[row] - origin_ - shift;
}

template <typename IsBefore>
uint32_t CurveTable::search(const IsBefore& isBefore) const {
  uint32_t begin = 0;
  uint32_t end = rows();
  while (begin < end) {
    const uint32_t middle = begin + (end - begin) / 2;
    if (isBefore(middle))
      begin = middle + 1;
    else
      end = middle;
  }
  return begin;
}

uint32_t CurveTable::firstNotBefore(XAxis axis, double x) const {
  return search([&](uint32_t row) { return this->x(axis, row) < x; });
}

uint32_t CurveTable::firstAfter(XAxis axis, double x) const {
  return search([&](uint32_t row) { return this->x(axis, row) <= x; });
}

const CurveSeries* CurveTable::series(uint32_t metric) const {
  return metric < series_.size() ? series_[metric].get() : nullptr;
}

CurveSeries* CurveTable::series(uint32_t metric) {
  return metric < series_.size() ? series_[metric].get() : nullptr;
}

CurveSeries& CurveTable::makeSeries(uint32_t metric) {
  if (metric >= series_.size()) series_.resize(metric + 1);
  if (!series_[metric]) series_[metric] = std::make_unique<CurveSeries>();
  return *series_[metric];
}

void CurveTable::adoptRows(ChunkedColumn<double> times, IntegerColumn steps, IntegerColumn tokens,
                           std::vector<Attempt> attempts, double origin) {
  times_ = std::move(times);
  steps_ = std::move(steps);
  tokens_ = std::move(tokens);
  attempts_ = std::move(attempts);
  origin_ = origin;
}

size_t CurveTable::bytes() const {
  size_t bytes = steps_.bytes() + tokens_.bytes() + times_.bytes();
  for (const auto& series : series_)
    if (series) bytes += sizeof(CurveSeries) + series->bytes();
  return bytes;
}

}  // namespace z2::ui
