#include "core/run_import/log_line.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string_view>
#include <system_error>
#include <vector>

namespace z2 {

namespace {

template <typename T>
std::optional<T> numberOf(std::string_view text) {
  T value = 0;
  const char* end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, value);
  if (error != std::errc() || rest != end) return std::nullopt;
  return value;
}

std::optional<double> percentage(std::string_view text) {
  // Moving the point in the text gives 0.5417 for 54.17, which a division might miss by a bit.
  std::array<char, 64> moved{};
  if (text.size() + 3 > moved.size()) return std::nullopt;
  std::memcpy(moved.data(), text.data(), text.size());
  std::memcpy(moved.data() + text.size(), "e-2", 3);
  if (const auto value = numberOf<double>({moved.data(), text.size() + 3})) return value;
  return numberOf<double>(text);  // nan, inf
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

std::optional<LoggedNumber> loggedNumber(std::string_view part) {
  const size_t space = part.rfind(' ');
  std::string_view number = space == std::string_view::npos ? part : part.substr(space + 1);
  std::string_view name =
      space == std::string_view::npos ? std::string_view{} : trimmed(part.substr(0, space));
  if (name.ends_with(':')) name.remove_suffix(1);
  if (number.empty() || (name.empty() && !number.ends_with('s'))) return std::nullopt;
  std::optional<double> value;
  if (number.ends_with('%')) {
    value = percentage(number.substr(0, number.size() - 1));
  } else {
    if (number.ends_with('s')) number.remove_suffix(1);
    value = numberOf<double>(number);
  }
  if (!value) return std::nullopt;
  return LoggedNumber{.name = name, .value = *value};
}

// "2024-06-22 21:19:53,315".
std::optional<double> clockTime(std::string_view text) {
  using namespace std::chrono;
  constexpr std::string_view kShape = "0000-00-00 00:00:00,000";
  if (text.size() != kShape.size()) return std::nullopt;
  for (size_t i = 0; i < text.size(); ++i)
    if (kShape[i] == '0' ? text[i] < '0' || text[i] > '9' : text[i] != kShape[i])
      return std::nullopt;
  const auto part = [&](size_t start, size_t size) {
    return numberOf<int>(text.substr(start, size)).value_or(0);
  };
  const year_month_day date{year(part(0, 4)), month(static_cast<unsigned>(part(5, 2))),
                            day(static_cast<unsigned>(part(8, 2)))};
  if (!date.ok() || part(11, 2) > 23 || part(14, 2) > 59 || part(17, 2) > 60) return std::nullopt;
  const int64_t seconds = int64_t{sys_days(date).time_since_epoch().count()} * 86'400 +
                          part(11, 2) * 3600 + part(14, 2) * 60 + part(17, 2);
  return static_cast<double>(seconds * 1000 + part(20, 3)) / 1000;
}

}  // namespace

std::optional<FramedLine> parseFramedLine(std::string_view line) {
  constexpr std::string_view kSeparator = " - ";
  if (!line.starts_with('[')) return std::nullopt;
  const size_t close = line.find("]: ");
  if (close == std::string_view::npos) return std::nullopt;
  const std::string_view head = line.substr(1, close - 1);
  const size_t first = head.find(kSeparator);
  if (first == std::string_view::npos) return std::nullopt;
  const size_t second = head.find(kSeparator, first + kSeparator.size());
  if (second == std::string_view::npos) return std::nullopt;
  const auto time = clockTime(head.substr(0, first));
  if (!time) return std::nullopt;
  const size_t level = first + kSeparator.size();
  return FramedLine{.time = *time,
                    .level = head.substr(level, second - level),
                    .module = head.substr(second + kSeparator.size()),
                    .message = line.substr(close + 3)};
}

std::optional<StepLine> parseStepLine(std::string_view message) {
  constexpr std::string_view kBar = " | ";
  const size_t first = message.find(kBar);
  if (first == std::string_view::npos) return std::nullopt;
  const auto iteration = numberOf<int64_t>(message.substr(0, first));
  // One less than the largest, for a step is one more.
  if (!iteration || *iteration < 0 || *iteration == INT64_MAX) return std::nullopt;
  StepLine step{.iteration = *iteration, .numbers = {}, .strange = {}};
  for (size_t start = first + kBar.size(); start <= message.size();) {
    const size_t end = std::min(message.find(kBar, start), message.size());
    const std::string_view part = trimmed(message.substr(start, end - start));
    if (const auto number = loggedNumber(part))
      step.numbers.push_back(*number);
    else if (step.strange.empty())
      step.strange = part.empty() ? kBar : part;
    start = end + kBar.size();
  }
  return step;
}

bool matches(std::string_view pattern, std::string_view text,
             std::vector<std::string_view>& holes) {
  holes.clear();
  size_t hole = pattern.find("{}");
  if (!text.starts_with(pattern.substr(0, hole))) return false;
  if (hole == std::string_view::npos) return text == pattern;
  text.remove_prefix(hole);
  while (true) {
    pattern.remove_prefix(hole + 2);
    hole = pattern.find("{}");
    const std::string_view literal = pattern.substr(0, hole);
    // The last literal ends the text; an empty one leaves the rest to the hole.
    const size_t end = hole != std::string_view::npos ? text.find(literal)
                       : text.ends_with(literal)      ? text.size() - literal.size()
                                                      : std::string_view::npos;
    if (end == std::string_view::npos) return false;
    holes.push_back(text.substr(0, end));
    if (hole == std::string_view::npos) return true;
    text.remove_prefix(end + literal.size());
  }
}

std::optional<int64_t> wholeNumber(std::string_view text) {
  std::array<char, 32> digits{};
  size_t count = 0;
  for (const char c : text) {
    if (c == ',') continue;
    if (count == digits.size()) return std::nullopt;
    digits[count++] = c;
  }
  return numberOf<int64_t>({digits.data(), count});
}

std::optional<double> realNumber(std::string_view text) { return numberOf<double>(text); }

}  // namespace z2
