#pragma once

// A table of operations that notes when the device works on which operation of another one.

#include <string>
#include <vector>

#include "core/base/error.h"
#include "kernels/ops.h"

namespace z2 {

// Nothing waits: the device works as it does without. The inner table outlives it; it outlives
// whoever uses ops(). One thread at a time; not while a recording is made. Noncopyable: the table
// points into it.
class ProfiledOps {
 public:
  struct Span {
    std::string name;   // of the operation; of a layer's products also which of them it was
    double begin, end;  // seconds since the first span's begin
  };

  explicit ProfiledOps(const Z2Ops& inner);
  ProfiledOps(const ProfiledOps&) = delete;
  ProfiledOps& operator=(const ProfiledOps&) = delete;

  [[nodiscard]] const Z2Ops& ops() const { return ops_; }
  // The spans since the last call, in their order; waits for the device.
  [[nodiscard]] Result<std::vector<Span>> take();

 private:
  friend struct Entry;
  const Z2Ops& inner_;
  Z2Ops ops_;
  std::vector<std::string> names_;
};

// Spans for a viewer of timelines (chrome://tracing, Perfetto): an event of each, in microseconds.
// Source: Trace Event Format (Google, 2016).
[[nodiscard]] std::string traceOf(const std::vector<ProfiledOps::Span>& spans);

}  // namespace z2
