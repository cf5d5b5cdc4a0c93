#pragma once

// How long a training step stands still for a checkpoint, and how long it takes to write.

#include <cstdint>
#include <filesystem>

#include "core/base/error.h"
#include "core/io/json.h"

namespace z2 {

// Saves fp32 weights and two moments of `parameters` parameters `rounds` times into a new folder
// under `folder`, which is removed again. {"parameters","bytes","snapshot_s","snapshot_s_max",
// "write_s","rounds"}: medians, but for the maximum.
[[nodiscard]] Result<Json> benchCheckpoint(int64_t parameters, int rounds,
                                           const std::filesystem::path& folder);

}  // namespace z2
