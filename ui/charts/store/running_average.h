#pragma once

// The smoothing of curves.

namespace z2::ui {

// The exponential moving average without the bias of its start, as TensorBoard draws it
// (tensorboard/webapp/widgets/line_chart_v2/data_transformer.ts): with weight w and the i-th finite
// value v, m = w m + (1 - w) v, and the result is m / (1 - w^i). A value that is not finite is its
// own result and leaves the average as it is. While all values are the same, so is the result.
class RunningAverage {
 public:
  // weight in [0, 1); 0: no smoothing.
  explicit RunningAverage(double weight) : weight_(weight) {}

  float next(float value) {
    if (!(value - value == 0)) return value;
    if (power_ == 1) first_ = value;
    isConstant_ = isConstant_ && value == first_;
    mean_ = weight_ * mean_ + (1 - weight_) * static_cast<double>(value);
    power_ *= weight_;
    return isConstant_ ? value : static_cast<float>(mean_ / (1 - power_));
  }
  [[nodiscard]] double weight() const { return weight_; }

 private:
  double weight_;
  double mean_ = 0;
  double power_ = 1;  // w^i
  float first_ = 0;
  bool isConstant_ = true;
};

}  // namespace z2::ui
