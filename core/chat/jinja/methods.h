#pragma once

// Methods of texts, lists and dictionaries, as Python's of the same name.

#include <string_view>

#include "core/chat/jinja/context.h"

namespace z2::jinja {

[[nodiscard]] Result<Value> callMethod(Context& context, const Value& object, std::string_view name,
                                       const Arguments& arguments);

// Case of ASCII letters; other characters stay as they are.
enum class LetterCase { kUpper, kLower, kTitle, kCapitalized };
[[nodiscard]] MarkedText inCase(const MarkedText& text, LetterCase letterCase);

enum class Side { kBoth, kLeft, kRight };
// Without the characters of `characters` (nothing: whitespace) at the sides.
[[nodiscard]] MarkedText stripped(const MarkedText& text, Side side,
                                  const std::optional<std::string>& characters);
// `count` of the places of `from`, from the left, replaced; below 0: all.
[[nodiscard]] Result<MarkedText> replaced(Context& context, const MarkedText& text,
                                          const std::string& from, const MarkedText& to,
                                          int64_t count);
[[nodiscard]] Result<Value> joined(Context& context, const std::vector<Value>& items,
                                   const MarkedText& separator);

}  // namespace z2::jinja
