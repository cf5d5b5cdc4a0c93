#pragma once

// What the window can be made to show, by what a user does.

#include <functional>
#include <memory>
#include <vector>

#include "tests/ui/accessibility/full_workspace.h"
#include "tests/ui/journey/journey.h"

namespace z2::ui {

struct State {
  const char* name;
  std::function<void(Journey& at)> enter;  // from anywhere
  std::function<void(Journey& at)> leave = {};
};
// Of a workspace in which there is everything.
[[nodiscard]] std::vector<State> statesOf(const FullWorkspace& workspace);
// Of one in which there is nothing.
[[nodiscard]] std::vector<State> statesOfNothing();

}  // namespace z2::ui
