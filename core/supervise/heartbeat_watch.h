#pragma once

// Tells a hang from slow work by the heartbeats of a run.

#include <deque>

namespace z2 {

// Times are seconds of one clock. The limit is what the user set, or the longer of 60 s and five
// times the longest recent pause between two heartbeats; before the first one it is ten minutes,
// for loading. Not thread-safe.
class HeartbeatWatch {
 public:
  // userLimit 0: none was set. `leastLimit` and `startLimit` are shorter in tests.
  explicit HeartbeatWatch(double userLimit, double leastLimit = 60, double startLimit = 600)
      : userLimit_(userLimit), leastLimit_(leastLimit), startLimit_(startLimit) {}

  // A trainer was started at `now`.
  void restart(double now);
  // The heartbeat as status.json has it; any change is a sign of life.
  void observe(double heartbeat, double now);

  [[nodiscard]] double limit() const;
  [[nodiscard]] double silence(double now) const { return now - lastChange_; }
  [[nodiscard]] bool isHanging(double now) const { return silence(now) > limit(); }

 private:
  double userLimit_;
  double leastLimit_;
  double startLimit_;
  double heartbeat_ = 0;
  double lastChange_ = 0;
  bool hasBeaten_ = false;
  std::deque<double> pauses_;
};

}  // namespace z2
