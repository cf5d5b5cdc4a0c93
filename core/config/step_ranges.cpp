#include "core/config/step_ranges.h"

#include <algorithm>
#include <charconv>
#include <string_view>
#include <utility>

#include <fmt/format.h>

namespace z2 {

namespace {

constexpr int64_t kMostSteps = 1'000'000'000;

bool parseStep(std::string_view text, int64_t& step) {
  const char* end = text.data() + text.size();
  const auto [rest, failure] = std::from_chars(text.data(), end, step);
  return failure == std::errc() && rest == end && step >= 1 && step <= kMostSteps;
}

}  // namespace

Result<std::vector<StepRange>> parseStepRanges(const std::vector<std::string>& texts) {
  std::vector<StepRange> ranges;
  for (const std::string& text : texts) {
    const size_t dash = std::min(text.find('-'), text.size());
    StepRange range;
    bool isGood = parseStep(std::string_view(text).substr(0, dash), range.first);
    range.last = range.first;
    if (dash < text.size())
      isGood = isGood && parseStep(std::string_view(text).substr(dash + 1), range.last);
    if (!isGood || range.last < range.first)
      return badInput("", fmt::format("\"{}\" names no steps", text),
                      "Write a step or a range of them, such as 1200-1400,2050");
    ranges.push_back(range);
  }
  std::sort(ranges.begin(), ranges.end(),
            [](const StepRange& a, const StepRange& b) { return a.first < b.first; });
  std::vector<StepRange> merged;
  for (const StepRange& range : ranges) {
    if (!merged.empty() && range.first <= merged.back().last + 1)
      merged.back().last = std::max(merged.back().last, range.last);
    else
      merged.push_back(range);
  }
  return merged;
}

uint64_t cursorBehind(const std::vector<StepRange>& ranges, uint64_t cursor,
                      uint64_t samplesPerStep) {
  const auto step = static_cast<int64_t>(cursor / samplesPerStep) + 1;
  for (const StepRange& range : ranges)
    if (range.first <= step && step <= range.last)
      return static_cast<uint64_t>(range.last) * samplesPerStep;
  return cursor;
}

}  // namespace z2
