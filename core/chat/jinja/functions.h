#pragma once

// Functions that every template knows: range, namespace, dict, raise_exception, strftime_now.

#include <optional>
#include <string_view>

#include "core/chat/jinja/context.h"

namespace z2::jinja {

// Its place in the table.
[[nodiscard]] std::optional<int> builtinNamed(std::string_view name);
[[nodiscard]] Result<Value> callBuiltin(Context& context, int builtin, const Arguments& arguments);

}  // namespace z2::jinja
