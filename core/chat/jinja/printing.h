#pragma once

// Values as text: as Python's str() and repr() and its json module write them.

#include <optional>
#include <string>

#include "core/chat/jinja/context.h"

namespace z2::jinja {

// The mark of text that was a key of a dictionary: it came from data.
inline constexpr Mark kKeyMark{1, 0};

// What {{ value }} shows. An undefined value is nothing; a function or namespace is refused.
[[nodiscard]] Result<MarkedText> printed(Context& context, const Value& value);

struct JsonStyle {
  std::optional<int64_t> indent;
  std::string itemSeparator = ", ";
  std::string keySeparator = ": ";
  bool isAscii = false;
  bool sortsKeys = false;
};
// json.dumps. Marks of texts stay with them; all else has the mark of the first of them that came
// from data, so that what is printed of one message is known as its own.
[[nodiscard]] Result<MarkedText> toJsonText(Context& context, const Value& value,
                                            const JsonStyle& style);

}  // namespace z2::jinja
