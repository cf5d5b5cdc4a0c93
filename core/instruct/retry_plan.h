#pragma once

// When a request that failed is made again: exponential back-off with jitter.

#include <chrono>
#include <cstdint>

namespace z2 {

struct RetryOptions {
  int64_t most = 8;                           // attempts after the first one
  std::chrono::milliseconds firstWait{1000};  // doubled with each failure
  std::chrono::milliseconds longestWait{60'000};
  std::chrono::seconds longestAsked{600};  // a server that asks for a longer wait ends the work
  uint64_t seed = 0;
};

// Before attempt `failures` + 1 of request `request`: a wait between half of and the whole
// back-off, drawn by seed, request and failures, and never shorter than what the server asked for.
[[nodiscard]] std::chrono::milliseconds retryWait(const RetryOptions& options, uint64_t request,
                                                  int64_t failures, std::chrono::seconds asked);

}  // namespace z2
