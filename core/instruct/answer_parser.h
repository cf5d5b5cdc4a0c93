#pragma once

// Finds the tasks in what a model wrote: in the labelled form of the prompt, with the liberties
// that models take (numbers, markdown, other colons, English labels in Chinese answers), or as JSON
// (an array, lines, a fenced block).

#include <string_view>
#include <vector>

#include "core/instruct/instruction_task.h"

namespace z2 {

struct FoundTask {
  InstructionTask task;  // a part that was not there is empty
  bool isCutOff = false;
};

// `isCutOff`: the answer ended at its greatest length, so its last task is not whole. A model's
// thoughts (<think>…</think>) are passed over.
[[nodiscard]] std::vector<FoundTask> parseTasks(std::string_view answer, bool isCutOff);

}  // namespace z2
