#pragma once

// Probabilities that a model gives to tokens, for those who ask.

#include <cstdint>
#include <span>
#include <utility>
#include <vector>

namespace z2 {

// log(sum(exp(logits))).
[[nodiscard]] double logSumExp(std::span<const float> logits);

// The `count` most likely tokens with their log probabilities, the most likely first; among equals
// the smaller id.
[[nodiscard]] std::vector<std::pair<int32_t, float>> topLogProbs(std::span<const float> logits,
                                                                 int64_t count);

}  // namespace z2
