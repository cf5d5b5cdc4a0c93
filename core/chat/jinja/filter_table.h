#pragma once

// How filters are found; each group of them is a table of its own.

#include <string_view>
#include <unordered_map>

#include "core/chat/jinja/context.h"

namespace z2::jinja {

using Filter = Result<Value> (*)(Context&, const Value&, const Arguments&);
using FilterTable = std::unordered_map<std::string_view, Filter>;

[[nodiscard]] const FilterTable& textFilters();      // of texts and numbers
[[nodiscard]] const FilterTable& sequenceFilters();  // of lists and dictionaries

}  // namespace z2::jinja
