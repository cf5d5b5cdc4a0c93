#include "ui/widgets/action_button.h"

#include <QAction>

namespace z2::ui {

ActionButton::ActionButton(QAction& action, QWidget* parent) : QPushButton(parent) {
  setProperty("role", action.property("role"));  // before the first showing, which reads it
  const auto follow = [this, &action] {
    setText(action.text());
    setToolTip(action.toolTip());
    setAccessibleDescription(action.toolTip());
    setEnabled(action.isEnabled());
    setVisible(action.isVisible());
  };
  follow();
  connect(&action, &QAction::changed, this, follow);
  connect(this, &QPushButton::clicked, &action, &QAction::trigger);
}

}  // namespace z2::ui
