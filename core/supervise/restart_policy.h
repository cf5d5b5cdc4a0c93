#pragma once

// Whether and when a run that ended is started again.

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include "core/supervise/exit_reason.h"

namespace z2 {

// One a launch. Crashes and hangs are restarted, NaN when told to; bad input, a lacking machine and
// a stop never are. The delay doubles from 1 s to 60 s while no checkpoint is gained; after three
// restarts without a new checkpoint there is no fourth.
class RestartPolicy {
 public:
  struct Options {
    int64_t maxRestarts = 0;
    bool restartOnNan = false;
    std::chrono::milliseconds firstDelay{1000};
    std::chrono::milliseconds longestDelay{60'000};
  };
  struct Decision {
    bool restarts = false;
    std::chrono::milliseconds delay{0};
    std::string why = {};  // in words, when it does not
  };

  explicit RestartPolicy(Options options) : options_(options) {}

  // `newestCheckpoint`: its step, as it is after the exit.
  [[nodiscard]] Decision decide(ExitKind kind, std::optional<int64_t> newestCheckpoint);
  [[nodiscard]] int64_t restarts() const { return restarts_; }

 private:
  Options options_;
  int64_t restarts_ = 0;
  int withoutProgress_ = 0;
  std::optional<int64_t> checkpointBefore_;
};

}  // namespace z2
