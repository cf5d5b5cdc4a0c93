#pragma once

// One metric of a run: a value at each row that recorded it.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "ui/charts/store/chunked_column.h"
#include "ui/charts/store/min_max_pyramid.h"
#include "ui/charts/store/running_average.h"

namespace z2::ui {

// A stretch [begin, end).
struct Stretch {
  uint32_t begin = 0;
  uint32_t end = 0;
};

// Values by index 0, 1, …; 4.5 bytes a value, 9 with its smoothed curve. Thread-compatible.
class CurveSeries {
 public:
  // A column with its pyramid: the values as they are, or smoothed.
  struct Curve {
    ChunkedColumn<float> values;
    MinMaxPyramid pyramid;

    void push(float value) {
      values.push(value);
      pyramid.follow(values);
    }
    void truncate(size_t size) {
      values.truncate(size);
      pyramid.truncate(size);
    }
    [[nodiscard]] Extremes extremes(size_t begin, size_t end) const {
      return pyramid.extremes(values, begin, end);
    }
  };

  // `row` rises from call to call; the last one again replaces its value.
  void push(uint32_t row, float value);
  // Keeps what belongs to rows before `row`.
  void truncate(uint32_t row);

  [[nodiscard]] size_t size() const { return raw_.values.size(); }
  [[nodiscard]] uint32_t rowOf(size_t index) const;
  // The first index whose row is `row` or a later one; size() when there is none.
  [[nodiscard]] size_t indexOf(uint32_t row) const;

  [[nodiscard]] const Curve& raw() const { return raw_; }
  // Null: no smoothing was asked for.
  [[nodiscard]] const Curve* smooth() const { return smooth_ ? &smooth_->curve : nullptr; }
  [[nodiscard]] double weight() const { return smooth_ ? smooth_->average.weight() : 0; }
  // A smoothed curve, made beside the series; from when it is put it grows with the values, until
  // values are taken away. Null drops it.
  struct Smoothed {
    RunningAverage average{0};
    Curve curve;
  };
  [[nodiscard]] std::unique_ptr<Smoothed> smoothed(double weight) const;
  void put(std::unique_ptr<Smoothed> smooth) { smooth_ = std::move(smooth); }

  // The stretches of indices whose values are not finite, ascending.
  [[nodiscard]] std::span<const Stretch> gaps() const { return gaps_; }
  [[nodiscard]] size_t bytes() const;

  // For the cache: where consecutive rows begin, as row and index.
  struct Stride {
    uint32_t row = 0;
    uint32_t index = 0;
  };
  [[nodiscard]] std::span<const Stride> strides() const { return strides_; }
  void adopt(Curve raw, std::vector<Stride> strides, std::vector<Stretch> gaps);

 private:
  Curve raw_;
  std::unique_ptr<Smoothed> smooth_;
  std::vector<Stride> strides_;  // most metrics are in every row: one stride
  std::vector<Stretch> gaps_;
  uint32_t nextRow_ = 0;  // one behind that of the last value
};

}  // namespace z2::ui
