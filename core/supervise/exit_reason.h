#pragma once

// Why a trainer ended, in words.

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

#include "core/base/process.h"
#include "core/run/run_status.h"

namespace z2 {

enum class ExitKind {
  kFinished,
  kStopped,      // on request, its work saved
  kKilled,       // on request, at once
  kBadInput,     // a restart would end the same way
  kEnvironment,  // the machine lacks something
  kNan,          // the loss was not a number
  kCrash,        // a signal, or an exit status that says nothing
  kHang          // it was ended because it made no progress
};
[[nodiscard]] std::string_view nameOf(ExitKind kind);
[[nodiscard]] RunState stateAfter(ExitKind kind);

struct ExitReason {
  ExitKind kind = ExitKind::kCrash;
  std::string words;  // empty when it finished or was stopped
};

// Exit statuses mean what core/train/exit_codes.h says.
struct ExitEvidence {
  ProcessEnd end;
  std::string ownWords = {};    // status.json's error as the trainer left it
  std::string logTail = {};     // its last lines
  bool wasAskedToStop = false;  // before it ended
  bool wasOutOfMemory = false;  // the kernel killed some process for memory meanwhile
};
[[nodiscard]] ExitReason explainExit(const ExitEvidence& evidence);

// How many processes the kernel has killed for lack of memory since the machine started.
[[nodiscard]] long outOfMemoryKills();
// The last `count` lines of a text file that stand behind `fromByte`; empty when there are none.
[[nodiscard]] std::string lastLines(const std::filesystem::path& file, uint64_t fromByte,
                                    int count);

}  // namespace z2
