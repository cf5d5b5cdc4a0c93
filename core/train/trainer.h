#pragma once

// The training loop of one rank: from a run directory to its last checkpoint.
//
// Design goals: a run that was stopped or killed anywhere goes on with the bits of one that was
// not; nothing but the device's failure, a lasting NaN or the user ends it early; what goes wrong
// beside it (a full disk, a damaged checkpoint) is said and survived.
// Non-goals: restarts (core/supervise), several ranks (core/parallel).

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

#include "core/base/error.h"
#include "core/train/exit_codes.h"

namespace z2 {

struct TrainerOptions {
  std::filesystem::path run;
  std::optional<int64_t> steps = {};  // in all, instead of train.steps; the schedule stays
  std::optional<int> attempt = {};    // given by the supervisor
  std::string proof = {};          // the same: of the checkpoint whose bytes were verified already
  bool onlyEvaluates = false;      // as train.eval_only
  bool allowsChangedData = false;  // resumes although the data is not that of the checkpoint
};

struct TrainerEnd {
  TrainerExit exit = TrainerExit::kFinished;
  std::string words;  // why, when it neither finished nor was stopped
};

// Trains until the steps are done or stopRequested() (core/base/progress.h). The run directory's
// status has the end too, unless it could not be opened.
[[nodiscard]] TrainerEnd train(const TrainerOptions& options);

}  // namespace z2
