#pragma once

// Makes a QObject that its parent owns: child<QLabel>(this) or child<QLabel>(text, this). The
// parent comes last, as in Qt's constructors, and must not be null.

#include <memory>
#include <utility>

namespace z2::ui {

template <typename Object, typename... Arguments>
Object* child(Arguments&&... arguments) {
  return std::make_unique<Object>(std::forward<Arguments>(arguments)...).release();
}

}  // namespace z2::ui
