#include "ui/services/shortcuts.h"

#include <array>

#include <QCoreApplication>

namespace z2::ui {

namespace {

constexpr auto kShortcuts = std::to_array<Shortcut>({
    {"Ctrl+N", QT_TRANSLATE_NOOP("Shortcuts", "New run"), true, Command::kNewRun},
    {"Ctrl+F", QT_TRANSLATE_NOOP("Shortcuts", "Search on this page"), true, Command::kFind},
    {"F5", QT_TRANSLATE_NOOP("Shortcuts", "Look again"), true, Command::kRefresh},
    {"F1", QT_TRANSLATE_NOOP("Shortcuts", "This list"), true, Command::kShortcuts},
    {"Ctrl+W", QT_TRANSLATE_NOOP("Shortcuts", "Dismiss the message"), true, Command::kDismiss},
    {"Ctrl+1", QT_TRANSLATE_NOOP("Shortcuts", "The first place at the left; Ctrl+2 the next, …")},
    {"Enter", QT_TRANSLATE_NOOP("Shortcuts", "Chat: send the message; Shift+Enter begins a line")},
    {"Esc", QT_TRANSLATE_NOOP("Shortcuts", "Chat: stop the answer; leave a message as it was")},
    {"Ctrl+R", QT_TRANSLATE_NOOP("Shortcuts", "Chat: answer again, with the next seed")},
    {"Up", QT_TRANSLATE_NOOP("Shortcuts", "Chat: edit the last message, from an empty field")},
    {"Return", QT_TRANSLATE_NOOP("Shortcuts", "Runs: open the run")},
    {"Space", QT_TRANSLATE_NOOP("Shortcuts", "Runs: mark the run to compare it")},
    {"F2", QT_TRANSLATE_NOOP("Shortcuts", "Runs: rename")},
    {"Ctrl+T", QT_TRANSLATE_NOOP("Shortcuts", "Runs: tags")},
    {"Delete", QT_TRANSLATE_NOOP("Shortcuts", "Runs: move to the trash")},
});

}  // namespace

std::span<const Shortcut> shortcuts() { return kShortcuts; }

QString textOf(const Shortcut& shortcut) {
  return QCoreApplication::translate("Shortcuts", shortcut.text);
}

}  // namespace z2::ui
