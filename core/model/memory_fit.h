#pragma once

// Whether a model fits the memory that a device has free, before any of it is taken.

#include <vector>

#include "core/base/error.h"
#include "core/config/run_config.h"
#include "core/model/llama.h"
#include "kernels/ops.h"

namespace z2 {

// What train.recompute allows, the fastest first: "auto" is norms, and blocks where memory is
// short.
[[nodiscard]] std::vector<Recompute> recomputesOf(const RunConfig& config);

// The first of `allowed` with which the model fits what is free there. An Error tells the parts of
// the memory that the last of them takes, and the largest micro-batch that would fit.
[[nodiscard]] Result<Recompute> fittingRecompute(const LlamaConfig& config, LlamaOptions options,
                                                 const std::vector<Recompute>& allowed,
                                                 const Z2Ops& ops);

}  // namespace z2
