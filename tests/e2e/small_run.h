#pragma once

// A run small enough to be trained in seconds: generated data with something to learn, a model of
// two layers, and what a test wants to know of its end.

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "core/base/process.h"
#include "core/io/json.h"
#include "core/run/run_directory.h"

namespace z2 {

// 300 documents of a noisy walk over 64 tokens.
void writeWalk(const std::filesystem::path& prefix, uint64_t seed);

// `settings` as of --set; data, shape and lengths have small defaults.
[[nodiscard]] RunDirectory makeRun(const std::filesystem::path& folder,
                                   const std::filesystem::path& data,
                                   const std::vector<std::string>& settings);

// z2all-train run RUN …, in a child process whose files may have `mostFileBytes` at most.
[[nodiscard]] ChildProcess startTrainer(const RunDirectory& run,
                                        const std::vector<std::string>& arguments = {},
                                        uint64_t mostFileBytes = 0);

// The metrics that must not depend on when a run was interrupted, as the text of the numbers:
// step → {loss, lr, grad_norm, tokens, valid/loss, and those of preferences}. Superseded rows do
// not count; a gap in `seq` or a torn line fails the test.
[[nodiscard]] std::map<int64_t, std::string> exactMetrics(const RunDirectory& run);
// Name → bytes of the newest checkpoint; its step under "step".
[[nodiscard]] std::map<std::string, std::string> newestTensors(const RunDirectory& run);
// How often events.jsonl has `name`.
[[nodiscard]] int countEvents(const RunDirectory& run, const std::string& name);

}  // namespace z2
