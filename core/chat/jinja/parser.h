#pragma once

// From tokens to the parsed form, by recursive descent with the precedence of Jinja 3.

#include <string_view>

#include "core/base/error.h"
#include "core/chat/jinja/syntax.h"

namespace z2::jinja {

// kBadInput at "where:line:column" for what is not in the language, or nested too deep.
[[nodiscard]] Result<Body> parse(std::string_view source, std::string_view where);

}  // namespace z2::jinja
