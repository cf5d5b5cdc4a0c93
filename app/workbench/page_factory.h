#pragma once

// Which class each place of the window is, its name and icon: one table.

#include <span>

#include "ui/pages/page.h"

namespace z2::ui {

struct Place {
  PageId id;
  const char* name;  // untranslated, of the context "Places"
  const char* icon;  // of resources/icons; null: reached from other pages, not from the left
  Page* (*make)(Workbench& workbench, QWidget* parent);  // owned by `parent`
};

// Those that are built, in the order of the left side. The last stands at the bottom.
[[nodiscard]] std::span<const Place> places();
// Null where there is no such page.
[[nodiscard]] const Place* placeOf(PageId id);
[[nodiscard]] QString nameOf(const Place& place);  // in the language of the window

}  // namespace z2::ui
