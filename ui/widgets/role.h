#pragma once

// The role that the style sheet reads, of a widget that may have been shown already: the buttons
// of a QDialogButtonBox are.

#include <QStyle>
#include <QWidget>

namespace z2::ui {

inline void setRole(QWidget& widget, const QString& role) {
  widget.setProperty("role", role);
  widget.style()->unpolish(&widget);
  widget.style()->polish(&widget);
}

}  // namespace z2::ui
