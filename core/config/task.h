#pragma once

// What a run does: pretraining, supervised fine-tuning, direct preference optimisation.

#include <string_view>

#include "core/base/error.h"

namespace z2 {

enum class Task { kPretrain, kSft, kDpo };

[[nodiscard]] std::string_view nameOf(Task task);
[[nodiscard]] Result<Task> parseTask(std::string_view name);

}  // namespace z2
