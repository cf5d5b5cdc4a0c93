#pragma once

// Where the widgets of tabs live: what is made there keeps its parent when it becomes a tab, and
// style sheets are not read anew for all that is in it.

#include <QStackedWidget>
#include <QTabWidget>

namespace z2::ui {

[[nodiscard]] inline QWidget* tabParent(QTabWidget& tabs) {
  auto* stack = tabs.findChild<QStackedWidget*>(QString(), Qt::FindDirectChildrenOnly);
  return stack != nullptr ? static_cast<QWidget*>(stack) : &tabs;
}

}  // namespace z2::ui
