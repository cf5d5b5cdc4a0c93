#pragma once

// Making runs, also from a checkpoint of another run.

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "core/base/error.h"
#include "core/run/run_directory.h"
#include "core/run_setup/run_setup.h"

namespace z2 {

// Where a run keeps the checkpoint of another run that it began from.
inline constexpr const char* kOriginFolder = "origin";

// Makes the run that was prepared. Where model.init_from names another run or a checkpoint of one,
// that checkpoint (of a run: its newest that verifies) is kept as RUN/origin/step_N (hard links
// where the file system has them, else copies), because the other run goes on and prunes its own,
// and under adapters the checkpoint that those were trained on as step_N/origin/step_M;
// events.jsonl then has {"event":"forked","from","step"}. After an error nothing is left.
[[nodiscard]] Result<RunDirectory> createRun(const std::filesystem::path& folder,
                                             const RunSetup& setup);

// The configuration of a run that goes its own way from a checkpoint of `parent`: the same keys,
// changed by `settings`, and the checkpoint's weights to begin with. Optimizer, step and place in
// the data begin anew. `step` empty: the newest checkpoint that verifies.
[[nodiscard]] Result<RunSetup> prepareFork(const RunDirectory& parent, std::optional<int64_t> step,
                                           const std::vector<std::string>& settings = {});

}  // namespace z2
