#pragma once

// `z2all model export --format peft`: a run's adapters as PEFT keeps them.

#include <string>

#include "core/base/error.h"

namespace z2::cli {

// `output` is a new directory. kBadInput when `source` has no adapters.
[[nodiscard]] Result<void> exportPeft(const std::string& source, const std::string& output,
                                      bool asJson);

}  // namespace z2::cli
