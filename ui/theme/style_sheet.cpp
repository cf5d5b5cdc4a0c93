#include "ui/theme/style_sheet.h"

namespace z2::ui {

QColor tintOf(const ThemeColors& c) { return mixed(c.surface, c.accent, c.isDark ? 0.16 : 0.10); }

QString styleSheet(const ThemeColors& c) {
  QString sheet = QStringLiteral(R"(
QToolTip { color: %text; background: %surface; border: 1px solid %border; padding: 4px; }
QLabel[role="heading"] { font-size: 16px; font-weight: 600; }
QLabel[role="secondary"] { font-size: 12px; color: %secondary; }
QLabel[role="strong"] { font-weight: 600; }
QLabel[role="lead"] { color: %secondary; }
QLabel[role="brand"] { font-size: 15px; font-weight: 600; }
QLabel[role="key"] { border: 1px solid %border; border-radius: 4px; padding: 2px 8px; }
QFrame[role="line"] { background: %border; border: none; max-height: 1px; min-height: 1px; }
QFrame#sidebar { background: %surface; border: none; border-right: 1px solid %border; }
QFrame#banner { background: %surface; border: none; border-bottom: 1px solid %border;
  border-left: 4px solid %failed; }
QFrame#banner[kind="warning"] { border-left-color: %waiting; }
QFrame#banner[kind="good"] { border-left-color: %finished; }
QFrame#jobBar, QFrame#statusLine { background: %surface; border: none;
  border-top: 1px solid %border; }
QLabel[role="group"] { font-size: 13px; font-weight: 600; padding: 12px 0 0 0; }
QLabel[role="problem"] { font-size: 12px; color: %failed; }
QFrame[role="card"] { background: %surface; border: 1px solid %border; border-radius: 6px; }
QPushButton { background: %surface; border: 1px solid %border; border-radius: 6px;
  padding: 5px 12px; min-height: 18px; outline: none; }
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
QPushButton[role="icon"] { background: transparent; border: 1px solid transparent; padding: 3px;
  min-height: 16px; min-width: 16px; }
QPushButton[role="icon"]:hover { border-color: %border; }
QPushButton[role="icon"]:focus { border: 1px solid %accent; }
QPushButton[role="segment"]:checked { border-color: %accent; color: %running; font-weight: 600; }
QPushButton[role="quiet"]:focus { border: 2px solid %accent; }
QPushButton[role="place"] { background: transparent; border: none; border-left: 3px solid transparent;
  border-radius: 0; padding: 0 12px 0 13px; min-height: 36px; text-align: left; }
QPushButton[role="place"]:hover { background: %background; }
QPushButton[role="place"]:checked { background: %tint; border-left-color: %accent;
  font-weight: 600; }
QPushButton[role="place"]:focus { border: 1px solid %accent; border-left: 3px solid %accent;
  padding: 0 11px 0 13px; min-height: 34px; }
QLineEdit, QComboBox, QSpinBox, QDoubleSpinBox, QPlainTextEdit, QTextEdit {
  background: %surface; border: 1px solid %border; border-radius: 6px; padding: 4px 8px; }
QTextEdit[role="message"], QTextEdit[role="message"]:focus { background: transparent; border: none;
  padding: 0; }
QComboBox::drop-down { border: none; width: 24px; }
QComboBox::down-arrow { image: url(:/icons/chevron_%own.svg); width: 12px; height: 12px; }
QSpinBox, QDoubleSpinBox { padding-right: 22px; }
QSpinBox::up-button, QDoubleSpinBox::up-button { subcontrol-origin: border;
  subcontrol-position: top right; width: 20px; border: none; margin: 2px 2px 0 0; }
QSpinBox::down-button, QDoubleSpinBox::down-button { subcontrol-origin: border;
  subcontrol-position: bottom right; width: 20px; border: none; margin: 0 2px 2px 0; }
QSpinBox::up-arrow, QDoubleSpinBox::up-arrow { image: url(:/icons/chevron_up_%own.svg);
  width: 10px; height: 10px; }
QSpinBox::down-arrow, QDoubleSpinBox::down-arrow { image: url(:/icons/chevron_%own.svg);
  width: 10px; height: 10px; }
QPushButton::menu-indicator { image: url(:/icons/chevron_%own.svg); width: 12px; height: 12px;
  subcontrol-position: center right; right: 8px; }
QLineEdit:focus, QComboBox:focus, QSpinBox:focus, QDoubleSpinBox:focus,
QPlainTextEdit:focus, QTextEdit:focus { border: 1px solid %accent; }
QLineEdit[invalid="true"], QComboBox[invalid="true"] { border: 1px solid %failed; }
QAbstractItemView { background: %surface; border: 1px solid %border; border-radius: 6px;
  outline: none; }
QTableView { selection-background-color: %tint; selection-color: %text; }
QTableView::item { padding: 0 5px; border: none; }
QTableView::item:selected { background: %tint; color: %text; }
QTableView::indicator, QListView::indicator, QCheckBox::indicator { width: 14px; height: 14px; border-radius: 3px;
  border: 1px solid %secondary; background: %surface; }
QTableView::indicator:checked, QListView::indicator:checked, QCheckBox::indicator:checked { background: %accent;
  border-color: %accent; image: url(:/icons/check_on_%shade.svg); }
QCheckBox::indicator:focus { border: 2px solid %accent; }
QHeaderView { background: %surface; border: none; }
QHeaderView::section { background: %surface; color: %secondary; border: none;
  border-bottom: 1px solid %border; padding: 6px 8px; font-size: 12px; }
QTabWidget::pane { border: none; border-top: 1px solid %border; top: -1px; }
QTabBar::tab { padding: 6px 12px; border: none; color: %secondary; }
QTabBar::tab:selected { color: %text; border-bottom: 2px solid %accent; }
QTabBar::tab:focus { color: %running; }
QTreeWidget::item, QListWidget::item { padding: 4px 6px; border: none; }
QTreeWidget::item:selected, QListWidget::item:selected { background: %tint; color: %text; }
QListWidget#steps::item { padding: 6px 8px; border-radius: 4px; }
QAbstractScrollArea[role="field"] { background: %surface; border: 1px solid %border;
  border-radius: 6px; }
QScrollArea { border: none; background: transparent; }
QSplitter::handle { background: transparent; }
QMenu { background: %surface; border: 1px solid %border; padding: 4px; }
QMenu::item { padding: 6px 24px 6px 12px; border-radius: 4px; }
QMenu::item:selected { background: %accent; color: %onAccent; }
QMenu::item:disabled { color: %secondary; }
QMenu::separator { height: 1px; background: %border; margin: 4px 8px; }
QScrollBar:vertical { background: transparent; width: 12px; margin: 0; }
QScrollBar:horizontal { background: transparent; height: 12px; margin: 0; }
QScrollBar::handle { background: %handle; border-radius: 4px; margin: 2px; min-height: 24px;
  min-width: 24px; }
QScrollBar::handle:hover { background: %secondary; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }
QProgressBar { background: %border; border: none; border-radius: 3px; max-height: 6px; }
QProgressBar::chunk { background: %accent; border-radius: 3px; }
)");
  const QColor tint = tintOf(c);
  const QColor handle = mixed(c.surface, c.text, 0.28);
  const std::pair<const char*, QColor> values[] = {
      {"%background", c.background}, {"%surface", c.surface}, {"%onAccent", c.onAccent},
      {"%secondary", c.secondary},   {"%border", c.border},   {"%accent", c.accent},
      {"%failed", c.failed},         {"%text", c.text},       {"%tint", tint},
      {"%handle", handle},           {"%waiting", c.waiting}, {"%finished", c.finished},
      {"%running", c.running}};
  for (const auto& [name, color] : values) sheet.replace(QLatin1String(name), color.name());
  sheet.replace(QLatin1String("%own"), QLatin1String(c.isDark ? "dark" : "light"));
  // The accent is a dark colour in the light theme, and the other way round.
  sheet.replace(QLatin1String("%shade"), QLatin1String(c.isDark ? "light" : "dark"));
  return sheet;
}

}  // namespace z2::ui
