#include "core/generate/sampler.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include <fmt/format.h>

#include "kernels/cpu/philox.h"

namespace z2 {

namespace {

// The most likely first; among equals the smaller id.
bool isBefore(const std::pair<float, int32_t>& a, const std::pair<float, int32_t>& b) {
  return a.first != b.first ? a.first > b.first : a.second < b.second;
}

// The first of the largest; one pass, for this is done for every token.
Result<int32_t> mostLikely(std::span<const float> logits) {
  int32_t best = -1;
  float largest = -std::numeric_limits<float>::infinity();
  for (size_t id = 0; id < logits.size(); ++id) {
    if (logits[id] > largest) {
      largest = logits[id];
      best = static_cast<int32_t>(id);
    }
  }
  if (best >= 0) return best;
  const auto infinite = std::ranges::find(logits, largest);
  if (infinite == logits.end()) return noLikelyToken();
  return static_cast<int32_t>(infinite - logits.begin());
}

// Uniform in [0, 1) with 53 bits.
double uniform(uint64_t seed, uint64_t step) {
  const PhiloxBlock block =
      philox({{static_cast<uint32_t>(step), static_cast<uint32_t>(step >> 32), 0, 0}},
             static_cast<uint32_t>(seed), static_cast<uint32_t>(seed >> 32));
  const uint64_t bits = (uint64_t{block.words[0]} << 32 | block.words[1]) >> 11;
  return static_cast<double>(bits) * 0x1p-53;
}

}  // namespace

tl::unexpected<Error> noLikelyToken() {
  return corrupt("model", "no logit is a number", "The model's weights are damaged or diverged");
}

Result<void> validate(const SamplingOptions& options) {
  if (!(options.temperature >= 0) || std::isinf(options.temperature))
    return usageError(
        fmt::format("the temperature {} is not a number of 0 or more", options.temperature));
  if (options.topK < 0) return usageError(fmt::format("top-k {} is below 0", options.topK));
  if (!(options.topP > 0 && options.topP <= 1))
    return usageError(fmt::format("top-p {} is not above 0 and at most 1", options.topP));
  if (!(options.minP >= 0 && options.minP <= 1))
    return usageError(fmt::format("min-p {} is not in 0 .. 1", options.minP));
  if (!(options.repetitionPenalty > 0) || std::isinf(options.repetitionPenalty))
    return usageError(fmt::format("the repetition penalty {} is not a number above 0",
                                  options.repetitionPenalty));
  for (const auto& [penalty, name] : {std::pair(options.frequencyPenalty, "frequency"),
                                      std::pair(options.presencePenalty, "presence")})
    if (!(penalty >= -2 && penalty <= 2))
      return usageError(fmt::format("the {} penalty {} is not in -2 .. 2", name, penalty));
  return {};
}

Result<int32_t> Sampler::next(std::span<const float> logits, std::span<const int32_t> context,
                              uint64_t step) {
  const bool judgesAnswer = options_.frequencyPenalty != 0 || options_.presencePenalty != 0;
  if (options_.repetitionPenalty != 1 || judgesAnswer) {
    logits_.assign(logits.begin(), logits.end());
    if (options_.repetitionPenalty != 1) penalise(context);
    if (judgesAnswer) penaliseAnswer(context.last(std::min<size_t>(step, context.size())));
    logits = logits_;
  }
  if (options_.temperature == 0) return mostLikely(logits);
  candidates_.clear();
  for (size_t id = 0; id < logits.size(); ++id)
    if (!std::isnan(logits[id])) candidates_.emplace_back(logits[id], static_cast<int32_t>(id));
  if (candidates_.empty()) return noLikelyToken();

  keepTopK();
  largest_ = std::ranges::max_element(candidates_, {}, &Candidate::first)->first;
  weights_.resize(candidates_.size());
  std::ranges::transform(candidates_, weights_.begin(),
                         [this](const Candidate& candidate) { return weightOf(candidate); });
  if (options_.topP < 1) keepTopP();
  if (options_.minP > 0) keepMinP();
  return draw(step);
}

double Sampler::weightOf(const Candidate& candidate) const {
  if (candidate.first == largest_) return 1.0;  // also where both are infinite
  return std::exp((static_cast<double>(candidate.first) - largest_) / options_.temperature);
}

void Sampler::penalise(std::span<const int32_t> context) {
  const auto penalty = static_cast<float>(options_.repetitionPenalty);
  for (const int32_t id : std::unordered_set<int32_t>(context.begin(), context.end())) {
    if (id < 0 || static_cast<size_t>(id) >= logits_.size()) continue;
    float& logit = logits_[static_cast<size_t>(id)];
    logit = logit > 0 ? logit / penalty : logit * penalty;
  }
}

void Sampler::penaliseAnswer(std::span<const int32_t> answer) {
  std::unordered_map<int32_t, int64_t> counts;
  for (const int32_t id : answer) ++counts[id];
  for (const auto& [id, count] : counts) {
    if (id < 0 || static_cast<size_t>(id) >= logits_.size()) continue;
    logits_[static_cast<size_t>(id)] -= static_cast<float>(
        static_cast<double>(count) * options_.frequencyPenalty + options_.presencePenalty);
  }
}

void Sampler::keepTopK() {
  const auto k = static_cast<size_t>(options_.topK);
  if (k == 0 || k >= candidates_.size()) return;
  const auto end = candidates_.begin() + static_cast<std::ptrdiff_t>(k);
  std::nth_element(candidates_.begin(), end, candidates_.end(), isBefore);
  candidates_.resize(k);
  std::ranges::sort(candidates_, {}, &Candidate::second);
}

// Mostly a few hundred of many thousands are enough, so no more are put into order than it takes.
void Sampler::keepTopP() {
  const double enough = options_.topP * std::accumulate(weights_.begin(), weights_.end(), 0.0);
  const size_t all = candidates_.size();
  const auto at = [this](size_t i) { return candidates_.begin() + static_cast<std::ptrdiff_t>(i); };
  constexpr size_t kFirst = 256, kGrowth = 4;
  double sum = 0;
  size_t kept = 0;
  size_t ordered = 0;
  while (kept < all && sum < enough) {
    if (kept == ordered) {
      ordered = std::min(all, ordered == 0 ? kFirst : kGrowth * ordered);
      if (ordered < all) std::nth_element(at(kept), at(ordered), candidates_.end(), isBefore);
      std::sort(at(kept), at(ordered), isBefore);
    }
    weights_[kept] = weightOf(candidates_[kept]);
    sum += weights_[kept++];
  }
  kept = std::max<size_t>(kept, 1);
  weights_[0] = 1;  // the most likely one's
  candidates_.resize(kept);
  weights_.resize(kept);
}

// The largest weight is 1, so a weight is a share of the largest probability.
void Sampler::keepMinP() {
  size_t kept = 0;
  for (size_t i = 0; i < weights_.size(); ++i) {
    if (weights_[i] < options_.minP) continue;
    candidates_[kept] = candidates_[i];
    weights_[kept++] = weights_[i];
  }
  candidates_.resize(kept);
  weights_.resize(kept);
}

int32_t Sampler::draw(uint64_t step) const {
  const double total = std::accumulate(weights_.begin(), weights_.end(), 0.0);
  const double target = uniform(options_.seed, step) * total;
  double sum = 0;
  for (size_t i = 0; i < weights_.size(); ++i) {
    sum += weights_[i];
    if (target < sum) return candidates_[i].second;
  }
  // Rounding left the sum a little short: the last that can be drawn at all.
  size_t last = weights_.size() - 1;
  while (last > 0 && weights_[last] == 0) --last;
  return candidates_[last].second;
}

}  // namespace z2
