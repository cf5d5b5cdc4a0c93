#pragma once

// Which set of a mixture each sample comes from.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/error.h"

namespace z2 {

struct WeightedPrefix {
  double weight = 0;  // 0: none was given
  std::string prefix;
};

// "PREFIX", "A,B" or "0.7:A,0.3:B". Weights are positive and given for all or none.
[[nodiscard]] Result<std::vector<WeightedPrefix>> parseMixture(std::string_view text);

// Largest deficit first: sample n goes to the set that is furthest behind weight × (n + 1), so that
// every stretch of the sequence holds the sets in their proportion. Weights are rounded to parts of
// 10,000 (at least one each); the schedule repeats after as many samples, which makes the place of
// any sample known at once. Immutable.
class MixtureSchedule {
 public:
  explicit MixtureSchedule(const std::vector<double>& weights);

  struct Pick {
    size_t set = 0;
    uint64_t ordinal = 0;  // how many samples of this set come before
  };
  [[nodiscard]] Pick pick(uint64_t sample) const;
  [[nodiscard]] uint64_t period() const { return period_.size(); }
  [[nodiscard]] uint64_t samplesInPeriod(size_t set) const { return counts_[set]; }

 private:
  std::vector<Pick> period_;
  std::vector<uint64_t> counts_;
};

}  // namespace z2
