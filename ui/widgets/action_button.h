#pragma once

// A push button that shows a QAction: its text, tool-tip, and whether it is visible and enabled.

#include <QPushButton>

class QAction;

namespace z2::ui {

class ActionButton : public QPushButton {
  Q_OBJECT

 public:
  ActionButton(QAction& action, QWidget* parent);
};

}  // namespace z2::ui
