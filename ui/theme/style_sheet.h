#pragma once

#include <QString>

#include "ui/theme/theme.h"

namespace z2::ui {

// What Fusion and the palette do not say: radii, borders, paddings, the primary button.
// A widget chooses by dynamic property: role = primary | danger | quiet (buttons),
// heading | secondary | number (labels), card (frames).
[[nodiscard]] QString styleSheet(const ThemeColors& colors);

// A little accent over the surface: lies behind what is chosen.
[[nodiscard]] QColor tintOf(const ThemeColors& colors);

}  // namespace z2::ui
