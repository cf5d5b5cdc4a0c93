#pragma once

// How the window looks: palette, style sheet, fonts, in light and dark, and the colours that
// charts and states share. Values: the project's design of the window.

#include <QColor>
#include <QString>

class QApplication;

namespace z2::ui {

enum class ThemeName { kSystem, kLight, kDark };

struct ThemeColors {
  bool isDark = false;
  QColor background;  // of the window
  QColor surface;     // of tables, fields, cards
  QColor text;
  QColor secondary;  // text at 70 %, still 4.5 : 1
  QColor border;     // text at 12 %
  QColor accent;     // primary action, selection, focus
  QColor onAccent;   // text on it
  // States, always with a word and a shape; running is the accent where texts have it: 4.5 : 1.
  QColor running, finished, stopped, failed, waiting;
};

// Applies style, palette, style sheet and font to the whole program. kSystem: dark where the
// desktop's palette is dark. Emits nothing itself: widgets hear QEvent::PaletteChange.
void applyTheme(QApplication& application, ThemeName name);
// Those of the theme that was applied last; light before the first.
[[nodiscard]] const ThemeColors& colors();

// `share` of `front` over `back`; 0 … 1.
[[nodiscard]] QColor mixed(const QColor& back, const QColor& front, double share);

// The i-th curve's colour in Okabe and Ito's order, adapted to the background, and its dashes,
// which change each time the colours repeat.
[[nodiscard]] QColor curveColor(int index);
[[nodiscard]] Qt::PenStyle curveDashes(int index);

[[nodiscard]] QString nameOf(ThemeName name);  // "system", "light", "dark"
[[nodiscard]] ThemeName parseThemeName(const QString& name);

namespace spacing {
constexpr int kInside = 4;  // between a control and its label
constexpr int kGrid = 8;    // the window's grid
constexpr int kPage = 16;   // a page's margin
constexpr int kSection = 24;
}  // namespace spacing

}  // namespace z2::ui
