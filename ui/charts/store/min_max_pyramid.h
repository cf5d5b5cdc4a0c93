#pragma once

// The least and the greatest of any stretch of a column, in time that does not grow with it: each
// 16 values have a node, each 16 nodes one above.

#include <cstddef>
#include <limits>
#include <vector>

#include "ui/charts/store/chunked_column.h"

namespace z2::ui {

// The extremes of what was added, in the order in which they occurred. Values that are not finite
// are passed over; of equal extremes the first counts.
struct Extremes {
  float least = std::numeric_limits<float>::infinity();
  float greatest = -std::numeric_limits<float>::infinity();
  size_t leastAt = 0;  // only their order means something
  size_t greatestAt = 0;

  [[nodiscard]] bool isEmpty() const { return least > greatest; }
  [[nodiscard]] float early() const { return leastAt <= greatestAt ? least : greatest; }
  [[nodiscard]] float late() const { return leastAt <= greatestAt ? greatest : least; }
  void add(float value, size_t at) {
    if (!(value - value == 0)) return;  // NaN and the infinities
    if (value < least) {
      least = value;
      leastAt = at;
    }
    if (value > greatest) {
      greatest = value;
      greatestAt = at;
    }
  }
};

// Beside a column of values, which it does not hold; 0.53 bytes a value. Thread-compatible.
class MinMaxPyramid {
 public:
  static constexpr size_t kFanOut = 16;
  struct Node {  // the extremes of its values in their order; NaN: none of them is finite
    float early = 0;
    float late = 0;
  };

  // Call after each push to the column.
  void follow(const ChunkedColumn<float>& column) {
    if (column.size() % kFanOut == 0) addNode(column);
  }
  void truncate(size_t size);
  // The extremes of [begin, end) of the column.
  [[nodiscard]] Extremes extremes(const ChunkedColumn<float>& column, size_t begin,
                                  size_t end) const;

  [[nodiscard]] const std::vector<ChunkedColumn<Node>>& levels() const { return levels_; }
  void adopt(std::vector<ChunkedColumn<Node>> levels) { levels_ = std::move(levels); }
  [[nodiscard]] size_t bytes() const;

 private:
  void addNode(const ChunkedColumn<float>& column);

  std::vector<ChunkedColumn<Node>> levels_;  // [0]: nodes of 16 values; only whole nodes
};

}  // namespace z2::ui
