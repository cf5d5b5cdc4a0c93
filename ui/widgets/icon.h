#pragma once

// The window's line icons (resources/icons, 20 × 20), drawn in the theme's colours each time they
// are painted, so that a change of theme needs no new icon.

#include <QIcon>
#include <QString>

namespace z2::ui {

enum class IconTone { kSecondary, kText, kAccent, kOnAccent, kGood, kWarning, kFailed };

// `name`: of the file without its ending. A checked button's icon takes the accent colour.
[[nodiscard]] QIcon lineIcon(const QString& name, IconTone tone = IconTone::kSecondary);

}  // namespace z2::ui
