#pragma once

// The states of runs as the window shows them: a word, a shape and a colour, never colour alone.

#include <QColor>
#include <QString>

#include "core/run/run_status.h"

namespace z2::ui {

[[nodiscard]] QString stateWord(RunState state);  // "Running"
[[nodiscard]] QString stateMark(RunState state);  // "●"
[[nodiscard]] QColor stateColor(RunState state);  // of the current theme

}  // namespace z2::ui
