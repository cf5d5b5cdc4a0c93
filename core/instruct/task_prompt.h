#pragma once

// What a model is asked for new tasks with.

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "core/instruct/instruction_task.h"

namespace z2 {

// The examples of request `request`: `count` of the seeds, different ones, drawn by `seed` and
// `request` alone, so that a request that is made again shows the same.
[[nodiscard]] std::vector<InstructionTask> drawExamples(std::span<const InstructionTask> seeds,
                                                        size_t count, uint64_t seed,
                                                        uint64_t request);

// One message that shows the examples and asks for `wanted` further tasks in the same form, in
// `language`, which that of the examples should be.
[[nodiscard]] std::string makeTaskPrompt(std::span<const InstructionTask> examples, size_t wanted,
                                         InstructionLanguage language);

}  // namespace z2
