#pragma once

// What each fused operation is worth: the step with all of them, and with one at a time off.

#include <functional>

#include "core/base/error.h"
#include "core/io/json.h"
#include "core/train/bench_step.h"

namespace z2 {

// [{"off","tok_s","mfu","mem_gb","share"},…]: the first row, "off" empty, has all of them on; share
// is tok_s by that row's. The options are those of benchStep. One row that cannot be measured (no
// memory for scores, say) has "error" instead. `onRow` is told each as soon as it is measured.
[[nodiscard]] Result<Json> benchAblation(const BenchStepOptions& options,
                                         const std::function<void(const Json& row)>& onRow);

}  // namespace z2
