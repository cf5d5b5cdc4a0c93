#include "ui/charts/store/min_max_pyramid.h"

#include <limits>
#include <span>

namespace z2::ui {

static_assert(ChunkedColumn<float>::kChunk % MinMaxPyramid::kFanOut == 0,
              "the values of a node lie in one chunk");

namespace {

MinMaxPyramid::Node nodeOf(const Extremes& found) {
  if (found.isEmpty())
    return {std::numeric_limits<float>::quiet_NaN(), std::numeric_limits<float>::quiet_NaN()};
  return {found.early(), found.late()};
}

}  // namespace

void MinMaxPyramid::addNode(const ChunkedColumn<float>& column) {
  Extremes found;
  const std::span<const float> values = column.stretch(column.size() - kFanOut);
  for (size_t i = 0; i < kFanOut; ++i) found.add(values[i], i);
  for (size_t level = 0;; ++level) {
    if (level == levels_.size()) levels_.emplace_back();
    levels_[level].push(nodeOf(found));
    if (levels_[level].size() % kFanOut != 0) return;
    found = {};
    const std::span<const Node> nodes = levels_[level].stretch(levels_[level].size() - kFanOut);
    for (size_t i = 0; i < kFanOut; ++i) {
      found.add(nodes[i].early, 2 * i);
      found.add(nodes[i].late, 2 * i + 1);
    }
  }
}

void MinMaxPyramid::truncate(size_t size) {
  for (auto& level : levels_) level.truncate(size /= kFanOut);
}

Extremes MinMaxPyramid::extremes(const ChunkedColumn<float>& column, size_t begin,
                                 size_t end) const {
  Extremes found;
  size_t order = 0;
  while (begin < end) {
    // The largest whole node that starts here and ends before the end.
    size_t width = 1;
    size_t level = 0;
    while (level < levels_.size() && begin % (width * kFanOut) == 0 &&
           begin + width * kFanOut <= end) {
      width *= kFanOut;
      ++level;
    }
    if (level == 0) {
      found.add(column[begin], order++);
    } else {
      const Node node = levels_[level - 1][begin / width];
      found.add(node.early, order++);
      found.add(node.late, order++);
    }
    begin += width;
  }
  return found;
}

size_t MinMaxPyramid::bytes() const {
  size_t bytes = 0;
  for (const auto& level : levels_) bytes += level.bytes();
  return bytes;
}

}  // namespace z2::ui
