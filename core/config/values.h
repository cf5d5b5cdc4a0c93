#pragma once

// Single values of a configuration: reading them from JSON or from the text after "key=", checking
// type, range and choices. Errors carry the key in `where`.

#include <string_view>

#include "core/base/error.h"
#include "core/config/schema.h"
#include "core/io/json.h"

namespace z2 {

// The value in its canonical JSON type: 300.0 becomes the integer 300, 1 the real 1.0.
[[nodiscard]] Result<Json> checkedValue(const Field& field, const Json& value);
// "3e-4", "true", "a,b" (a list).
[[nodiscard]] Result<Json> parsedValue(const Field& field, std::string_view text);

}  // namespace z2
