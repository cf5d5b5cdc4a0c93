#pragma once

// A table of operations that measures the time spent in another one.

#include <map>
#include <string>

#include "kernels/ops.h"

namespace z2 {

// Waits for the device after each operation, so that its time is its own. The inner table outlives
// it; it outlives whoever uses ops(). One thread at a time. Noncopyable: the table points into it.
class ProfiledOps {
 public:
  explicit ProfiledOps(const Z2Ops& inner);
  ProfiledOps(const ProfiledOps&) = delete;
  ProfiledOps& operator=(const ProfiledOps&) = delete;

  [[nodiscard]] const Z2Ops& ops() const { return ops_; }
  [[nodiscard]] const std::map<std::string, double>& seconds() const { return seconds_; }
  void reset() { seconds_.clear(); }

 private:
  friend struct TimedEntry;
  const Z2Ops& inner_;
  Z2Ops ops_;
  std::map<std::string, double> seconds_;
};

}  // namespace z2
