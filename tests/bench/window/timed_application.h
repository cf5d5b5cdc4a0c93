#pragma once

// An application that knows how long each event kept its thread: what a user feels as a window that
// does not answer.

#include <vector>

#include <QApplication>
#include <QMap>

namespace z2::ui {

// What happened between two calls of TimedApplication::take().
struct EventTimes {
  std::vector<double> events;     // ms, one by one
  QMap<QString, double> longest;  // ms, by the receiver's class and the kind of event; over 4 ms
};
// The value below which `share` of them lie; 0 of none.
[[nodiscard]] double quantile(std::vector<double> values, double share);
[[nodiscard]] int countOver(const std::vector<double>& values, double limit);

class TimedApplication : public QApplication {
  Q_OBJECT

 public:
  TimedApplication(int& argc, char** argv) : QApplication(argc, argv) {}

  bool notify(QObject* receiver, QEvent* event) override;
  // Forgets what it gives.
  [[nodiscard]] EventTimes take();

 private:
  EventTimes times_;
  int depth_ = 0;  // an event may send others
};

}  // namespace z2::ui
