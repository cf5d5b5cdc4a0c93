#pragma once

#include <algorithm>
#include <cstdint>
#include <limits>

namespace z2::ui {

// The n by which tr() chooses singular or plural, of a count of any size.
[[nodiscard]] inline int pluralOf(int64_t count) {
  return static_cast<int>(std::clamp<int64_t>(count, 0, std::numeric_limits<int>::max()));
}

}  // namespace z2::ui
