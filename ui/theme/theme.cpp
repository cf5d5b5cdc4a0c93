#include "ui/theme/theme.h"

#include <array>
#include <cmath>

#include <QApplication>
#include <QEvent>
#include <QFont>
#include <QPalette>
#include <QStyle>
#include <QStyleFactory>
#include <QWidget>

#include "ui/base/child.h"
#include "ui/theme/style_sheet.h"

namespace z2::ui {

namespace {

ThemeColors lightColors() {
  return {.isDark = false,
          .background = QColor(0xFA, 0xFA, 0xFA),
          .surface = QColor(0xFF, 0xFF, 0xFF),
          .text = QColor(0x1B, 0x1F, 0x24),
          .secondary = QColor(0x59, 0x5F, 0x67),
          .border = QColor(0xDE, 0xDF, 0xE0),
          .accent = QColor(0x3B, 0x6F, 0xE0),
          .onAccent = QColor(0xFF, 0xFF, 0xFF),
          .running = QColor(0x2F, 0x62, 0xD0),
          .finished = QColor(0x1E, 0x7B, 0x3C),
          .stopped = QColor(0x59, 0x5F, 0x67),
          .failed = QColor(0xC0, 0x2B, 0x2B),
          .waiting = QColor(0x95, 0x5B, 0x00)};
}

ThemeColors darkColors() {
  return {.isDark = true,
          .background = QColor(0x16, 0x18, 0x1D),
          .surface = QColor(0x1E, 0x21, 0x27),
          .text = QColor(0xE6, 0xE6, 0xE6),
          .secondary = QColor(0xA8, 0xAB, 0xB0),
          .border = QColor(0x33, 0x36, 0x3C),
          .accent = QColor(0x7A, 0xA2, 0xF7),
          .onAccent = QColor(0x16, 0x18, 0x1D),
          .running = QColor(0x7A, 0xA2, 0xF7),
          .finished = QColor(0x6C, 0xC7, 0x8A),
          .stopped = QColor(0xA8, 0xAB, 0xB0),
          .failed = QColor(0xF2, 0x7C, 0x7C),
          .waiting = QColor(0xE0, 0xB0, 0x5A)};
}

// Of this process's one application, as QPalette is.
ThemeColors& current() {
  static ThemeColors colors = lightColors();
  return colors;
}

QPalette paletteOf(const ThemeColors& c) {
  QPalette palette;
  palette.setColor(QPalette::Window, c.background);
  palette.setColor(QPalette::WindowText, c.text);
  palette.setColor(QPalette::Base, c.surface);
  palette.setColor(QPalette::AlternateBase, c.background);
  palette.setColor(QPalette::Text, c.text);
  palette.setColor(QPalette::PlaceholderText, c.secondary);
  palette.setColor(QPalette::Button, c.surface);
  palette.setColor(QPalette::ButtonText, c.text);
  palette.setColor(QPalette::Highlight, c.accent);
  palette.setColor(QPalette::HighlightedText, c.onAccent);
  palette.setColor(QPalette::Link, c.running);
  palette.setColor(QPalette::ToolTipBase, c.surface);
  palette.setColor(QPalette::ToolTipText, c.text);
  palette.setColor(QPalette::Mid, c.border);
  for (const QPalette::ColorRole role :
       {QPalette::WindowText, QPalette::Text, QPalette::ButtonText})
    palette.setColor(QPalette::Disabled, role, c.secondary);
  return palette;
}

// A style sheet reads a widget's role once, and a layout that asks for a size is early: what gets
// its role after that looks as its role as well.
class RoleFilter : public QObject {
 public:
  using QObject::QObject;

 protected:
  bool eventFilter(QObject* watched, QEvent* event) override {
    if (event->type() != QEvent::DynamicPropertyChange || !watched->isWidgetType() ||
        static_cast<QDynamicPropertyChangeEvent*>(event)->propertyName() != "role")
      return false;
    auto* widget = static_cast<QWidget*>(watched);
    if (!widget->testAttribute(Qt::WA_WState_Polished)) return false;
    widget->style()->unpolish(widget);
    widget->style()->polish(widget);
    return false;
  }
};

}  // namespace

void applyTheme(QApplication& application, ThemeName name) {
  // Asked of the desktop once, before the palette becomes ours.
  static const bool isDesktopDark = application.palette().color(QPalette::Window).lightness() < 128;
  const bool isDark = name == ThemeName::kDark || (name == ThemeName::kSystem && isDesktopDark);
  current() = isDark ? darkColors() : lightColors();
  application.setStyle(QStyleFactory::create(QStringLiteral("Fusion")));
  application.setPalette(paletteOf(current()));
  QFont font = application.font();
  font.setPixelSize(13);
  application.setFont(font);
  application.setStyleSheet(styleSheet(current()));
  const QString filter = QStringLiteral("roleFilter");
  if (application.findChild<QObject*>(filter, Qt::FindDirectChildrenOnly) != nullptr) return;
  auto* made = child<RoleFilter>(&application);
  made->setObjectName(filter);
  application.installEventFilter(made);
}

const ThemeColors& colors() { return current(); }

QColor mixed(const QColor& back, const QColor& front, double share) {
  const auto blend = [share](int a, int b) {
    return static_cast<int>(std::lround(a + (b - a) * share));
  };
  return QColor(blend(back.red(), front.red()), blend(back.green(), front.green()),
                blend(back.blue(), front.blue()));
}

QColor curveColor(int index) {
  // Okabe and Ito's palette without black; yellow is darkened on light, blue lightened on dark.
  static const std::array<QColor, 7> kLight = {QColor(0x00, 0x72, 0xB2), QColor(0xD5, 0x5E, 0x00),
                                               QColor(0x00, 0x9E, 0x73), QColor(0xCC, 0x79, 0xA7),
                                               QColor(0xB0, 0x7D, 0x00), QColor(0x3A, 0x9B, 0xD4),
                                               QColor(0x8F, 0x86, 0x00)};
  static const std::array<QColor, 7> kDark = {QColor(0x4F, 0xA8, 0xE0), QColor(0xF0, 0x84, 0x30),
                                              QColor(0x2F, 0xC4, 0x96), QColor(0xE0, 0x94, 0xC0),
                                              QColor(0xE6, 0x9F, 0x00), QColor(0x8F, 0xCB, 0xF0),
                                              QColor(0xF0, 0xE4, 0x42)};
  const auto& palette = colors().isDark ? kDark : kLight;
  return palette.at(static_cast<size_t>(index) % palette.size());
}

Qt::PenStyle curveDashes(int index) {
  constexpr std::array kStyles = {Qt::SolidLine, Qt::DashLine, Qt::DotLine, Qt::DashDotLine};
  return kStyles.at(static_cast<size_t>(index / 7) % kStyles.size());
}

QString nameOf(ThemeName name) {
  switch (name) {
    case ThemeName::kLight:
      return QStringLiteral("light");
    case ThemeName::kDark:
      return QStringLiteral("dark");
    case ThemeName::kSystem:
      break;
  }
  return QStringLiteral("system");
}

ThemeName parseThemeName(const QString& name) {
  if (name == QLatin1String("light")) return ThemeName::kLight;
  if (name == QLatin1String("dark")) return ThemeName::kDark;
  return ThemeName::kSystem;
}

}  // namespace z2::ui
