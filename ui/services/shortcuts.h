#pragma once

// The keys of the window, in one list: the frame binds them, the settings page shows them.

#include <span>

#include <QString>

namespace z2::ui {

enum class Command { kNewRun, kRefresh, kFind, kShortcuts, kDismiss };

struct Shortcut {
  const char* keys;  // as QKeySequence reads them
  const char* text;  // untranslated, of the context "Shortcuts"
  // False: the keys belong to a page or a table, which reads them itself.
  bool isOfFrame = false;
  Command command = Command::kNewRun;
};

[[nodiscard]] std::span<const Shortcut> shortcuts();
[[nodiscard]] QString textOf(const Shortcut& shortcut);

}  // namespace z2::ui
