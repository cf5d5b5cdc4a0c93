#pragma once

// How a generated text came out, in words.

#include <QString>

#include "ui/services/text_generator.h"

namespace z2::ui {

// "42 tokens · 31.5 tokens/s · as long as you asked for"
[[nodiscard]] QString endText(const GenerationEnd& end);

}  // namespace z2::ui
