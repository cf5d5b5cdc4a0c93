#pragma once

// The states of runs as the window shows them: a word, a shape and a colour, never colour alone.

#include <optional>

#include <QColor>
#include <QString>

#include "core/run/run_status.h"

namespace z2::ui {

[[nodiscard]] QString stateWord(RunState state);  // "Running"
[[nodiscard]] QString stateMark(RunState state);  // "●"
[[nodiscard]] QColor stateColor(RunState state);  // of the current theme
// A loss in a column of losses: "0.063", "5.770", "26.52".
[[nodiscard]] QString lossText(std::optional<double> loss);

}  // namespace z2::ui
