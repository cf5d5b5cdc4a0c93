#pragma once

// Steps by number, as train.skip_steps names them: "1200-1400" or "2050".

#include <cstdint>
#include <string>
#include <vector>

#include "core/base/error.h"

namespace z2 {

// From 1, both ends included.
struct StepRange {
  int64_t first = 1;
  int64_t last = 1;

  bool operator==(const StepRange&) const = default;
};

// Sorted; ranges that touch or overlap become one.
[[nodiscard]] Result<std::vector<StepRange>> parseStepRanges(const std::vector<std::string>& texts);

// Where the data goes on when `cursor` (samples drawn) stands in the samples of one of the ranges,
// which parseStepRanges made: behind them. Step n draws samples (n - 1) · samplesPerStep and on.
[[nodiscard]] uint64_t cursorBehind(const std::vector<StepRange>& ranges, uint64_t cursor,
                                    uint64_t samplesPerStep);

}  // namespace z2
