#pragma once

// What core says, in the language of the window. Core speaks English; the window knows its
// sentences, with %1 where core puts a name or a number.

#include <string_view>

#include <QString>

namespace z2::ui {

// The sentence in the window's language; one that is not known stays as it is.
[[nodiscard]] QString coreText(std::string_view english);

}  // namespace z2::ui
