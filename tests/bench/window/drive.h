#pragma once

// What a user does with the window, one thing after the other.

#include <functional>
#include <optional>
#include <vector>

#include <QString>

#include "app/workbench/main_window.h"

namespace z2::ui {

struct Deed {
  QString name;
  std::function<void()> act;
};
// `only`: the window opens, and that page is looked at.
[[nodiscard]] std::vector<Deed> deeds(MainWindow& window, std::optional<PageId> only = {});

// The event loop as a program has it: it sleeps until something happens.
void idle(double seconds);
// Until it is so, or that time is over.
void waitFor(const std::function<bool()>& isDone, double seconds);

}  // namespace z2::ui
