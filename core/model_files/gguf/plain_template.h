#pragma once

// A chat template without the tags that only training needs.

#include <string>
#include <string_view>

namespace z2 {

// {% generation %} … {% endgeneration %} become {% if true %} … {% endif %}, white space control
// kept: the text is the same for a program that does not know them.
[[nodiscard]] std::string withoutGenerationTags(std::string_view source);

}  // namespace z2
