#pragma once

#include <string>
#include <string_view>

#include "core/io/json.h"

namespace z2::ui {

// The text that an object has at `key`; empty where it has none.
[[nodiscard]] inline std::string textAt(const Json& object, std::string_view key) {
  const auto found = object.find(key);
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

}  // namespace z2::ui
