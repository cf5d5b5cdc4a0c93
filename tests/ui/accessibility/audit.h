#pragma once

// What somebody who sees badly, hears the window read out, or has no mouse would stumble over in
// what is shown at this moment. Each function gives one line a fault.

#include <QColor>
#include <QStringList>
#include <QWidget>

namespace z2::ui {

// Controls without a name or a role for a screen reader.
[[nodiscard]] QStringList namelessControls(const QWidget& root);
// Controls that Tab does not come to when it is pressed until it has been everywhere. Leaves the
// focus where it was.
[[nodiscard]] QStringList controlsThatTabMisses(QWidget& root);
// Texts that are wider or higher than their place, parts that lie outside of what is around them,
// and areas too small to read anything in.
[[nodiscard]] QStringList cutParts(const QWidget& root);
// Texts that differ from what lies behind them by less than 4.5 to 1, in a picture of the window.
[[nodiscard]] QStringList faintTexts(QWidget& root);
// As WCAG 2 counts it: 1 … 21.
[[nodiscard]] double contrast(const QColor& a, const QColor& b);

}  // namespace z2::ui
