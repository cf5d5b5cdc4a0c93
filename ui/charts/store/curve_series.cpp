#include "ui/charts/store/curve_series.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace z2::ui {

void CurveSeries::push(uint32_t row, float value) {
  if (row != nextRow_ || strides_.empty()) {
    if (size() > 0 && row + 1 == nextRow_) truncate(row);
    if (row != nextRow_ || strides_.empty())
      strides_.push_back({row, static_cast<uint32_t>(size())});
  }
  nextRow_ = row + 1;
  const auto index = static_cast<uint32_t>(size());
  if (!std::isfinite(value)) {
    if (!gaps_.empty() && gaps_.back().end == index)
      ++gaps_.back().end;
    else
      gaps_.push_back({index, index + 1});
  }
  raw_.push(value);
  if (smooth_) smooth_->curve.push(smooth_->average.next(value));
}

void CurveSeries::truncate(uint32_t row) {
  const size_t kept = indexOf(row);
  if (kept == size()) return;
  raw_.truncate(kept);
  while (!strides_.empty() && strides_.back().index >= kept) strides_.pop_back();
  nextRow_ = kept > 0 ? rowOf(kept - 1) + 1 : 0;
  while (!gaps_.empty() && gaps_.back().begin >= kept) gaps_.pop_back();
  if (!gaps_.empty()) gaps_.back().end = std::min(gaps_.back().end, static_cast<uint32_t>(kept));
  // The average as it was then is not kept.
  smooth_ = nullptr;
}

uint32_t CurveSeries::rowOf(size_t index) const {
  auto stride = strides_.end() - 1;
  if (stride->index > index)
    stride = std::upper_bound(strides_.begin(), strides_.end(), index,
                              [](size_t i, const Stride& s) { return i < s.index; }) -
             1;
  return stride->row + (static_cast<uint32_t>(index) - stride->index);
}

size_t CurveSeries::indexOf(uint32_t row) const {
  const auto after = std::upper_bound(strides_.begin(), strides_.end(), row,
                                      [](uint32_t r, const Stride& s) { return r < s.row; });
  if (after == strides_.begin()) return 0;
  const size_t end = after == strides_.end() ? size() : after->index;
  return std::min<size_t>((after - 1)->index + (row - (after - 1)->row), end);
}

std::unique_ptr<CurveSeries::Smoothed> CurveSeries::smoothed(double weight) const {
  auto smooth = std::make_unique<Smoothed>();
  smooth->average = RunningAverage(weight);
  for (size_t i = 0; i < size();) {
    const auto stretch = raw_.values.stretch(i);
    for (const float value : stretch) smooth->curve.push(smooth->average.next(value));
    i += stretch.size();
  }
  return smooth;
}

void CurveSeries::adopt(Curve raw, std::vector<Stride> strides, std::vector<Stretch> gaps) {
  raw_ = std::move(raw);
  strides_ = std::move(strides);
  gaps_ = std::move(gaps);
  nextRow_ = size() > 0 ? rowOf(size() - 1) + 1 : 0;
}

size_t CurveSeries::bytes() const {
  size_t bytes = raw_.values.bytes() + raw_.pyramid.bytes() + strides_.capacity() * sizeof(Stride) +
                 gaps_.capacity() * sizeof(Stretch);
  if (smooth_) bytes += smooth_->curve.values.bytes() + smooth_->curve.pyramid.bytes();
  return bytes;
}

}  // namespace z2::ui
