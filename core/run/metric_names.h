#pragma once

// Metrics are called by number inside: their names, in the order in which they first appeared.

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

namespace z2 {

// Numbers run from 0 without a gap. Thread-compatible.
class MetricNames {
 public:
  // The number of `name`, which is added when it is new.
  uint32_t numberOf(std::string_view name) {
    if (const auto found = numbers_.find(name); found != numbers_.end()) return found->second;
    names_.emplace_back(name);
    const auto number = static_cast<uint32_t>(names_.size() - 1);
    numbers_.emplace(names_.back(), number);
    return number;
  }
  [[nodiscard]] std::optional<uint32_t> find(std::string_view name) const {
    const auto found = numbers_.find(name);
    return found == numbers_.end() ? std::nullopt : std::optional(found->second);
  }
  [[nodiscard]] const std::string& operator[](uint32_t number) const { return names_[number]; }
  [[nodiscard]] size_t size() const { return names_.size(); }

 private:
  std::deque<std::string> names_;  // a deque: the keys below point into it
  std::unordered_map<std::string_view, uint32_t> numbers_;
};

}  // namespace z2
