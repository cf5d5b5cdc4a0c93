#pragma once

// What a widget that paints itself is to somebody who hears the window read out. Without it, Qt
// calls it an area of the window, which says nothing.

#include <QAccessible>

namespace z2::ui {

// For all widgets of this class, from now on: tellRole<CurveView>(QAccessible::Chart).
void tellRole(const char* className, QAccessible::Role role);

template <typename Widget>
void tellRole(QAccessible::Role role) {
  tellRole(Widget::staticMetaObject.className(), role);
}

}  // namespace z2::ui
