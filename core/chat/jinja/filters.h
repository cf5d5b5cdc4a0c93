#pragma once

// Filters and tests by name, as Jinja 3 and transformers define them.

#include <string_view>

#include "core/chat/jinja/context.h"

namespace z2::jinja {

// input|name(arguments). Unknown names are an error.
[[nodiscard]] Result<Value> applyFilter(Context& context, std::string_view name, const Value& input,
                                        const Arguments& arguments);
// input is name(arguments).
[[nodiscard]] Result<bool> applyTest(Context& context, std::string_view name, const Value& input,
                                     const Arguments& arguments);

}  // namespace z2::jinja
