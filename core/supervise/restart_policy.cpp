#include "core/supervise/restart_policy.h"

#include <algorithm>
#include <cstdint>
#include <optional>

#include <fmt/format.h>

namespace z2 {

namespace {

constexpr int kMaxWithoutProgress = 3;

}  // namespace

RestartPolicy::Decision RestartPolicy::decide(ExitKind kind,
                                              std::optional<int64_t> newestCheckpoint) {
  const bool isFault = kind == ExitKind::kCrash || kind == ExitKind::kHang ||
                       (kind == ExitKind::kNan && options_.restartOnNan);
  if (!isFault) return {};
  if (options_.maxRestarts == 0) return {.why = "restarts are off (train.max_restarts is 0)"};
  if (restarts_ >= options_.maxRestarts)
    return {.why = fmt::format("it was restarted {} times, as often as train.max_restarts allows",
                               restarts_)};
  const bool hasGained = restarts_ == 0 || newestCheckpoint > checkpointBefore_;
  withoutProgress_ = hasGained ? 0 : withoutProgress_ + 1;
  if (withoutProgress_ >= kMaxWithoutProgress)
    return {.why =
                fmt::format("{} restarts in a row reached no new checkpoint", kMaxWithoutProgress)};
  checkpointBefore_ = newestCheckpoint;
  ++restarts_;
  return {.restarts = true,
          .delay = std::min(options_.longestDelay, options_.firstDelay * (1 << withoutProgress_))};
}

}  // namespace z2
