#include "tests/bench/window/timed_application.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include <QEvent>
#include <QMetaEnum>
#include <QThread>

namespace z2::ui {

namespace {

constexpr double kWorthNaming = 4;  // ms

double since(std::chrono::steady_clock::time_point then) {
  return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - then).count();
}

QString nameOf(QEvent::Type type) {
  const char* name = QMetaEnum::fromType<QEvent::Type>().valueToKey(type);
  return name != nullptr ? QString::fromLatin1(name) : QString::number(type);
}

}  // namespace

double quantile(std::vector<double> values, double share) {
  if (values.empty()) return 0;
  const auto place = static_cast<size_t>(share * static_cast<double>(values.size() - 1));
  std::ranges::nth_element(values, values.begin() + static_cast<std::ptrdiff_t>(place));
  return values[place];
}

int countOver(const std::vector<double>& values, double limit) {
  return static_cast<int>(
      std::ranges::count_if(values, [limit](double value) { return value > limit; }));
}

bool TimedApplication::notify(QObject* receiver, QEvent* event) {
  if (depth_ > 0 || QThread::currentThread() != thread())
    return QApplication::notify(receiver, event);
  // The receiver may be gone afterwards.
  const char* name = receiver->metaObject()->className();
  const QEvent::Type type = event->type();
  const auto began = std::chrono::steady_clock::now();
  ++depth_;
  const bool isDone = QApplication::notify(receiver, event);
  --depth_;
  const double ms = since(began);
  times_.events.push_back(ms);
  if (ms > kWorthNaming) {
    double& longest = times_.longest[QString::fromLatin1(name) + QLatin1Char(' ') + nameOf(type)];
    longest = std::max(longest, ms);
  }
  return isDone;
}

EventTimes TimedApplication::take() { return std::exchange(times_, {}); }

}  // namespace z2::ui
