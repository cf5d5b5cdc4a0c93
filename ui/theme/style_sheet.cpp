#include "ui/theme/style_sheet.h"

namespace z2::ui {

QString styleSheet(const ThemeColors& c) {
  QString sheet = QStringLiteral(R"(
QToolTip { color: %text; background: %surface; border: 1px solid %border; padding: 4px; }
QLabel[role="heading"] { font-size: 16px; font-weight: 600; }
QLabel[role="secondary"] { font-size: 12px; color: %secondary; }
QFrame[role="card"] { background: %surface; border: 1px solid %border; border-radius: 6px; }
QPushButton { background: %surface; border: 1px solid %border; border-radius: 6px;
  padding: 5px 12px; min-height: 18px; }
QPushButton:hover { border-color: %accent; }
QPushButton:focus { border: 2px solid %accent; padding: 4px 11px; }
QPushButton:disabled { color: %secondary; background: %background; }
QPushButton[role="primary"] { background: %accent; color: %onAccent; border-color: %accent;
  font-weight: 600; }
QPushButton[role="primary"]:disabled { background: %border; color: %secondary; border-color: %border; }
QPushButton[role="primary"]:focus { border: 2px solid %text; }
QPushButton[role="danger"] { color: %failed; }
QPushButton[role="quiet"] { background: transparent; border-color: transparent; }
QPushButton[role="quiet"]:hover { border-color: %border; }
QPushButton[role="quiet"]:focus { border: 2px solid %accent; }
QLineEdit, QComboBox, QSpinBox, QDoubleSpinBox, QPlainTextEdit, QTextEdit {
  background: %surface; border: 1px solid %border; border-radius: 6px; padding: 4px 8px; }
QLineEdit:focus, QComboBox:focus, QSpinBox:focus, QDoubleSpinBox:focus,
QPlainTextEdit:focus, QTextEdit:focus { border: 1px solid %accent; }
QLineEdit[invalid="true"], QComboBox[invalid="true"] { border: 1px solid %failed; }
QAbstractItemView { background: %surface; border: 1px solid %border; border-radius: 6px;
  outline: none; }
QHeaderView::section { background: %surface; color: %secondary; border: none;
  border-bottom: 1px solid %border; padding: 6px 8px; font-size: 12px; }
QTabWidget::pane { border: 1px solid %border; border-radius: 6px; top: -1px; }
QTabBar::tab { padding: 6px 12px; border: none; color: %secondary; }
QTabBar::tab:selected { color: %text; border-bottom: 2px solid %accent; }
QTabBar::tab:focus { color: %accent; }
QScrollArea { border: none; background: transparent; }
QSplitter::handle { background: transparent; }
QProgressBar { background: %border; border: none; border-radius: 3px; max-height: 6px; }
QProgressBar::chunk { background: %accent; border-radius: 3px; }
)");
  const std::pair<const char*, QColor> values[] = {
      {"%background", c.background}, {"%surface", c.surface}, {"%onAccent", c.onAccent},
      {"%secondary", c.secondary},   {"%border", c.border},   {"%accent", c.accent},
      {"%failed", c.failed},         {"%text", c.text}};
  for (const auto& [name, color] : values) sheet.replace(QLatin1String(name), color.name());
  return sheet;
}

}  // namespace z2::ui
