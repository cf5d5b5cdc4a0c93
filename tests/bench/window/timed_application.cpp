#include "tests/bench/window/timed_application.h"

#include <algorithm>
#include <utility>

#include <QAbstractEventDispatcher>
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

void EventTimes::add(const EventTimes& more) {
  events.insert(events.end(), more.events.begin(), more.events.end());
  stretches.insert(stretches.end(), more.stretches.begin(), more.stretches.end());
  for (auto at = more.longest.cbegin(); at != more.longest.cend(); ++at)
    longest[at.key()] = std::max(longest.value(at.key()), at.value());
}

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

TimedApplication::TimedApplication(int& argc, char** argv) : QApplication(argc, argv) {
  auto* dispatcher = QAbstractEventDispatcher::instance();
  connect(dispatcher, &QAbstractEventDispatcher::awake, this, [this] {
    if (std::exchange(isAwake_, true)) return;
    awake_ = Clock::now();
  });
  connect(dispatcher, &QAbstractEventDispatcher::aboutToBlock, this, [this] {
    if (std::exchange(isAwake_, false)) times_.stretches.push_back(since(awake_));
  });
}

bool TimedApplication::notify(QObject* receiver, QEvent* event) {
  if (depth_ > 0 || QThread::currentThread() != thread())
    return QApplication::notify(receiver, event);
  // The receiver may be gone afterwards.
  const char* name = receiver->metaObject()->className();
  const QEvent::Type type = event->type();
  const Clock::time_point began = Clock::now();
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
