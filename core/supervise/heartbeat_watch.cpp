#include "core/supervise/heartbeat_watch.h"

#include <algorithm>
#include <cstddef>

namespace z2 {

namespace {

constexpr size_t kRecentPauses = 32;
constexpr double kPausesToWait = 5;

}  // namespace

void HeartbeatWatch::restart(double now) {
  lastChange_ = now;
  hasBeaten_ = false;
  pauses_.clear();
}

void HeartbeatWatch::observe(double heartbeat, double now) {
  if (heartbeat == heartbeat_) return;
  heartbeat_ = heartbeat;
  if (hasBeaten_) pauses_.push_back(now - lastChange_);
  if (pauses_.size() > kRecentPauses) pauses_.pop_front();
  hasBeaten_ = true;
  lastChange_ = now;
}

double HeartbeatWatch::limit() const {
  if (!hasBeaten_) return std::max(startLimit_, userLimit_);
  if (userLimit_ > 0) return userLimit_;
  const double longest = pauses_.empty() ? 0 : *std::max_element(pauses_.begin(), pauses_.end());
  return std::max(leastLimit_, kPausesToWait * longest);
}

}  // namespace z2
