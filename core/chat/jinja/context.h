#pragma once

// What the functions of the template language need besides their arguments: where they are called,
// and what they may still spend.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/base/error.h"
#include "core/chat/jinja/syntax.h"
#include "core/chat/jinja/value.h"

namespace z2::jinja {

struct RenderLimits {
  uint64_t steps = 4'000'000;           // evaluated nodes, items and bytes / 64
  size_t textBytes = size_t{32} << 20;  // of any one text
};

// Of a call.
struct Arguments {
  std::vector<Value> positional;
  std::vector<std::pair<std::string, Value>> named;

  // The argument at that place or of that name; null when it was not given.
  [[nodiscard]] const Value* find(size_t place, std::string_view name) const;
  [[nodiscard]] size_t size() const { return positional.size() + named.size(); }
};

class Context {
 public:
  Context(std::string_view where, const RenderLimits& limits, std::optional<int64_t> now)
      : where_(where), limits_(limits), now_(now) {}

  // Where errors of the calls that follow are said to be.
  void setPosition(Position at) { at_ = at; }
  [[nodiscard]] Position position() const { return at_; }
  [[nodiscard]] tl::unexpected<Error> fail(std::string what, std::string fix = {}) const;

  [[nodiscard]] Result<void> spend(uint64_t steps);
  // Pays for what was made, and refuses what is too large or too deep.
  [[nodiscard]] Result<Value> make(MarkedText text);
  [[nodiscard]] Result<Value> make(std::vector<Value> items);
  [[nodiscard]] Result<Value> make(std::vector<std::pair<std::string, Value>> items);

  [[nodiscard]] size_t mostBytes() const { return limits_.textBytes; }
  // Seconds since 1970 that strftime_now shows; nothing: now.
  [[nodiscard]] std::optional<int64_t> now() const { return now_; }

 private:
  std::string_view where_;
  RenderLimits limits_;
  std::optional<int64_t> now_;
  Position at_;
  uint64_t spent_ = 0;
};

// Of argument `place` or `name`: the value as that type, or `initial` when it was not given.
[[nodiscard]] Result<int64_t> integerArgument(Context& context, const Arguments& arguments,
                                              size_t place, std::string_view name, int64_t initial);
[[nodiscard]] Result<bool> booleanArgument(const Arguments& arguments, size_t place,
                                           std::string_view name, bool initial);
[[nodiscard]] Result<std::string> textArgument(Context& context, const Arguments& arguments,
                                               size_t place, std::string_view name,
                                               std::string initial);

}  // namespace z2::jinja
