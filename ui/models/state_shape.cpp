#include "ui/models/state_shape.h"

namespace z2::ui {

StateShape stateShape(RunState state) {
  switch (state) {
    case RunState::kCreated:
      return StateShape::kRing;
    case RunState::kQueued:
    case RunState::kStarting:
      return StateShape::kClock;
    case RunState::kRunning:
    case RunState::kStopping:
      return StateShape::kDot;
    case RunState::kStopped:
      return StateShape::kSquare;
    case RunState::kFinished:
      return StateShape::kTick;
    case RunState::kFailed:
    case RunState::kCrashed:
    case RunState::kLost:
      break;
  }
  return StateShape::kCross;
}

}  // namespace z2::ui
