#include "core/instruct/retry_plan.h"

#include <algorithm>

#include "core/data/permutation.h"

namespace z2 {

std::chrono::milliseconds retryWait(const RetryOptions& options, uint64_t request, int64_t failures,
                                    std::chrono::seconds asked) {
  constexpr int64_t kMostDoublings = 30;
  const auto doublings = std::clamp<int64_t>(failures - 1, 0, kMostDoublings);
  const int64_t whole =
      std::min(options.firstWait.count() << doublings, options.longestWait.count());
  const uint64_t random =
      mixBits(mixBits(mixBits(options.seed) + request) + static_cast<uint64_t>(failures));
  const double share = 0.5 + 0.5 * static_cast<double>(random >> 11) / 9007199254740992.0;
  const auto wait =
      std::chrono::milliseconds(static_cast<int64_t>(share * static_cast<double>(whole)));
  return std::max(wait, std::chrono::duration_cast<std::chrono::milliseconds>(asked));
}

}  // namespace z2
