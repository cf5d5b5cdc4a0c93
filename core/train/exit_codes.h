#pragma once

// Exit statuses of z2all-train, for the supervisor (core/supervise/exit_reason.h) and for scripts.
// status.json's "error" has the words.

namespace z2 {

enum class TrainerExit : int {
  kFinished = 0,     // all steps are done and the last checkpoint is written
  kCrashed = 1,      // an error of the program; a restart may help
  kUsage = 2,        // the command line is off
  kBadInput = 3,     // configuration, data or checkpoint: a restart would end the same way
  kEnvironment = 4,  // memory, disk, device or library
  kStopped = 5,      // asked to stop; its work is saved and can be resumed
  kNotANumber = 6,   // too many steps in a row had gradients that are not finite
};

}  // namespace z2
