#pragma once

// The CPU's table of operations: own vectorised, threaded kernels; matmul by LibTorch's CPU library.

#include "kernels/ops.h"

namespace z2 {

// The table lives as long as the process. `threads` 0: all cores that this process may use. The
// first call decides; later calls return the same table. Thread-safe.
const Z2Ops& cpuOps(int threads = 0);

}  // namespace z2
