#include "ui/models/run_state_text.h"

#include <cmath>

#include <QCoreApplication>

#include "ui/base/text.h"
#include "ui/theme/theme.h"

namespace z2::ui {

QString stateWord(RunState state) {
  const auto word = [](const char* text) { return QCoreApplication::translate("RunState", text); };
  switch (state) {
    case RunState::kCreated:
      return word(QT_TRANSLATE_NOOP("RunState", "New"));
    case RunState::kQueued:
      return word(QT_TRANSLATE_NOOP("RunState", "Queued"));
    case RunState::kStarting:
      return word(QT_TRANSLATE_NOOP("RunState", "Starting"));
    case RunState::kRunning:
      return word(QT_TRANSLATE_NOOP("RunState", "Running"));
    case RunState::kStopping:
      return word(QT_TRANSLATE_NOOP("RunState", "Stopping"));
    case RunState::kStopped:
      return word(QT_TRANSLATE_NOOP("RunState", "Stopped"));
    case RunState::kFinished:
      return word(QT_TRANSLATE_NOOP("RunState", "Finished"));
    case RunState::kFailed:
      return word(QT_TRANSLATE_NOOP("RunState", "Failed"));
    case RunState::kCrashed:
      return word(QT_TRANSLATE_NOOP("RunState", "Crashed"));
    case RunState::kLost:
      return word(QT_TRANSLATE_NOOP("RunState", "Lost"));
  }
  return {};
}

QString stateMark(RunState state) {
  switch (state) {
    case RunState::kRunning:
    case RunState::kStopping:
      return QStringLiteral("●");
    case RunState::kFinished:
      return QStringLiteral("✓");
    case RunState::kFailed:
    case RunState::kCrashed:
      return QStringLiteral("✕");
    case RunState::kQueued:
    case RunState::kStarting:
      return QStringLiteral("◔");
    case RunState::kLost:
      return QStringLiteral("↻");
    case RunState::kCreated:
      return QStringLiteral("○");
    case RunState::kStopped:
      break;
  }
  return QStringLiteral("■");
}

QColor stateColor(RunState state) {
  const ThemeColors& theme = colors();
  switch (state) {
    case RunState::kRunning:
    case RunState::kStopping:
      return theme.running;
    case RunState::kFinished:
      return theme.finished;
    case RunState::kFailed:
    case RunState::kCrashed:
      return theme.failed;
    case RunState::kQueued:
    case RunState::kStarting:
    case RunState::kLost:
      return theme.waiting;
    case RunState::kCreated:
    case RunState::kStopped:
      break;
  }
  return theme.stopped;
}

QString lossText(std::optional<double> loss) {
  if (!loss || !std::isfinite(*loss) || std::abs(*loss) >= 1e4) return shortNumber(loss);
  const double size = std::abs(*loss);
  return QString::number(*loss, 'f', size < 10 ? 3 : size < 100 ? 2 : size < 1000 ? 1 : 0);
}

}  // namespace z2::ui
