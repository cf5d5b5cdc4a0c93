#pragma once

// Which class each place of the window is.

#include "ui/pages/page.h"

namespace z2::ui {

// Owned by `parent`.
[[nodiscard]] Page* makePage(PageId id, Workbench& workbench, QWidget* parent);

}  // namespace z2::ui
