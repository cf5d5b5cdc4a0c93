#pragma once

// Memory and identity of the CPU as a device: the entries of the table that compute nothing.

#include "kernels/ops.h"

namespace z2 {

void addMemoryEntries(Z2Ops& ops);

// Cores that this process may use.
int availableCores();

}  // namespace z2
