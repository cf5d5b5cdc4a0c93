#pragma once

// Arithmetic and comparison, as Python's.

#include <string_view>

#include "core/chat/jinja/context.h"

namespace z2::jinja {

// + - * / // % ** ~. An undefined operand is an error, but for ~.
[[nodiscard]] Result<Value> binaryOperation(Context& context, std::string_view name,
                                            const Value& left, const Value& right);
// == != < <= > >= in, not in.
[[nodiscard]] Result<bool> comparison(Context& context, std::string_view name, const Value& left,
                                      const Value& right);
// -value or +value.
[[nodiscard]] Result<Value> signedNumber(Context& context, const Value& value, bool isNegative);

}  // namespace z2::jinja
