#pragma once

// JSON as a template's data.

#include "core/chat/jinja/value.h"
#include "core/io/json.h"

namespace z2::jinja {

// Texts get that origin. Numbers beyond 64 bits become real ones.
[[nodiscard]] Value valueOf(const Json& json, uint32_t origin);

}  // namespace z2::jinja
