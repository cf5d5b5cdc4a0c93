#pragma once

// Names of run directories.

#include <QString>

namespace z2::ui {

class RunWatcher;

// Why no new run can have this name, in words; empty when it can.
[[nodiscard]] QString runNameProblem(const RunWatcher& runs, const QString& name);
// `wish`, or `wish-2`, `wish-3`, …, the first that is free.
[[nodiscard]] QString freeRunName(const RunWatcher& runs, const QString& wish);

}  // namespace z2::ui
