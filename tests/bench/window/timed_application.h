#pragma once

// An application that knows how long each event kept its thread: what a user feels as a window that
// does not answer.

#include <chrono>
#include <vector>

#include <QApplication>
#include <QMap>

namespace z2::ui {

// What happened between two calls of TimedApplication::take().
struct EventTimes {
  std::vector<double> events;     // ms, one by one
  std::vector<double> stretches;  // ms, from waking up to going to sleep: events in a row
  QMap<QString, double> longest;  // ms, by the receiver's class and the kind of event; over 4 ms

  void add(const EventTimes& more);
};
// The value below which `share` of them lie; 0 of none.
[[nodiscard]] double quantile(std::vector<double> values, double share);
[[nodiscard]] int countOver(const std::vector<double>& values, double limit);

class TimedApplication : public QApplication {
  Q_OBJECT

 public:
  TimedApplication(int& argc, char** argv);

  bool notify(QObject* receiver, QEvent* event) override;
  // Forgets what it gives.
  [[nodiscard]] EventTimes take();

 private:
  using Clock = std::chrono::steady_clock;
  EventTimes times_;
  int depth_ = 0;  // an event may send others
  bool isAwake_ = false;
  Clock::time_point awake_;
};

}  // namespace z2::ui
