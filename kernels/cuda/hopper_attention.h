#pragma once

// Backward of attention with Hopper's own instructions (compute capability 9.0): head sizes 64 and
// 128, 16-bit types, no document starts and no dropout. Sums are made in one fixed order, so that
// the same inputs give the same bits: one kernel walks over the queries of each block of keys and
// makes dK and dV, a second one over the keys of each block of queries and makes dQ; nothing is
// added in memory. Scores and their gradients never leave the registers.

#include <cstddef>

#include "kernels/attention.h"
#include "kernels/cuda/device.h"

namespace z2::cuda {

// Off where the environment says Z2_HOPPER_ATTENTION=off.
[[nodiscard]] bool takesHopperBackward(const Z2Context* context, const Z2AttentionBackward& p);
[[nodiscard]] size_t hopperBackwardWorkspace(const Z2AttentionBackward& p);
Z2Status hopperBackward(Z2Context* context, const Z2AttentionBackward& p);

}  // namespace z2::cuda
