#include "core/generate/token_log_probs.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace z2 {

double logSumExp(std::span<const float> logits) {
  const double largest = *std::ranges::max_element(logits);
  double sum = 0;
  for (const float logit : logits) sum += std::exp(static_cast<double>(logit) - largest);
  return largest + std::log(sum);
}

std::vector<std::pair<int32_t, float>> topLogProbs(std::span<const float> logits, int64_t count) {
  std::vector<int32_t> ids(logits.size());
  std::iota(ids.begin(), ids.end(), 0);
  const auto end = ids.begin() + std::min<std::ptrdiff_t>(count, std::ssize(ids));
  std::partial_sort(ids.begin(), end, ids.end(), [&](int32_t a, int32_t b) {
    const float left = logits[static_cast<size_t>(a)];
    const float right = logits[static_cast<size_t>(b)];
    return left != right ? left > right : a < b;
  });
  const double total = logSumExp(logits);
  std::vector<std::pair<int32_t, float>> top;
  for (auto id = ids.begin(); id != end; ++id)
    top.emplace_back(*id, static_cast<float>(logits[static_cast<size_t>(*id)] - total));
  return top;
}

}  // namespace z2
