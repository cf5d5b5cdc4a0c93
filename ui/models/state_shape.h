#pragma once

// The shape that stands before the word of a run's state, so that no state is told by colour alone.

#include "core/run/run_status.h"

namespace z2::ui {

enum class StateShape { kDot, kTick, kSquare, kCross, kClock, kRing };

[[nodiscard]] StateShape stateShape(RunState state);

}  // namespace z2::ui
