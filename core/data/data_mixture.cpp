#include "core/data/data_mixture.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <numeric>
#include <string>

#include <fmt/format.h>

#include "core/base/check.h"

namespace z2 {

namespace {

constexpr uint64_t kParts = 10'000;
constexpr size_t kMaxSets = 1'000;

Result<WeightedPrefix> parseOne(std::string_view item, std::string_view whole) {
  const size_t colon = item.find(':');
  WeightedPrefix parsed{0, std::string(item)};
  if (colon != std::string_view::npos && colon > 0) {
    const char* end = item.data() + colon;
    const auto [stop, failure] = std::from_chars(item.data(), end, parsed.weight);
    if (failure == std::errc() && stop == end) {
      if (!std::isfinite(parsed.weight) || parsed.weight <= 0)
        return badInput(std::string(whole),
                        fmt::format("the weight {} is not above zero", item.substr(0, colon)));
      parsed.prefix = item.substr(colon + 1);
    } else {
      parsed.weight = 0;
    }
  }
  if (parsed.prefix.empty())
    return badInput(std::string(whole), "a data set has no name",
                    "Write PREFIX, or WEIGHT:PREFIX,WEIGHT:PREFIX");
  return parsed;
}

// Whole parts of kParts, at least one a set, divided by what they have in common.
std::vector<uint64_t> partsOf(const std::vector<double>& weights) {
  const double sum = std::accumulate(weights.begin(), weights.end(), 0.0);
  std::vector<uint64_t> parts;
  uint64_t common = 0;
  for (const double weight : weights) {
    const auto part = std::llround(weight / sum * static_cast<double>(kParts));
    parts.push_back(std::max<uint64_t>(1, static_cast<uint64_t>(part)));
    common = std::gcd(common, parts.back());
  }
  for (uint64_t& part : parts) part /= common;
  return parts;
}

}  // namespace

Result<std::vector<WeightedPrefix>> parseMixture(std::string_view text) {
  std::vector<WeightedPrefix> sets;
  size_t begin = 0;
  while (begin <= text.size()) {
    const size_t comma = std::min(text.find(',', begin), text.size());
    Z2_TRY(WeightedPrefix parsed, parseOne(text.substr(begin, comma - begin), text));
    sets.push_back(std::move(parsed));
    begin = comma + 1;
  }
  const auto weighted =
      std::count_if(sets.begin(), sets.end(), [](const auto& set) { return set.weight > 0; });
  if (weighted != 0 && static_cast<size_t>(weighted) != sets.size())
    return badInput(std::string(text), "some data sets have a weight and some have none",
                    "Give every set a weight, or none");
  if (sets.size() > kMaxSets)
    return badInput(std::string(text), fmt::format("more than {} data sets", kMaxSets));
  return sets;
}

MixtureSchedule::MixtureSchedule(const std::vector<double>& weights) : counts_(weights.size()) {
  Z2_CHECK(!weights.empty() && weights.size() <= kMaxSets);
  const std::vector<uint64_t> parts = partsOf(weights);
  const uint64_t length = std::accumulate(parts.begin(), parts.end(), uint64_t{0});
  period_.reserve(length);
  for (uint64_t n = 0; n < length; ++n) {
    size_t chosen = 0;
    int64_t largest = std::numeric_limits<int64_t>::min();
    for (size_t i = 0; i < parts.size(); ++i) {
      const int64_t deficit =
          static_cast<int64_t>(parts[i] * (n + 1)) - static_cast<int64_t>(counts_[i] * length);
      if (deficit > largest) {
        largest = deficit;
        chosen = i;
      }
    }
    period_.push_back({chosen, counts_[chosen]++});
  }
}

MixtureSchedule::Pick MixtureSchedule::pick(uint64_t sample) const {
  const Pick& inPeriod = period_[sample % period_.size()];
  return {inPeriod.set, inPeriod.ordinal + sample / period_.size() * counts_[inPeriod.set]};
}

}  // namespace z2
