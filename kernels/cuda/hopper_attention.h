#pragma once

// Attention with Hopper's own instructions (compute capability 9.0): head sizes 64 and 128, 16-bit
// types, no dropout. Scores and their gradients never leave the registers, and sums are made in one
// fixed order, so that the same inputs give the same bits: in backward one kernel walks over the
// queries of each block of keys and makes dK and dV, a second one over the keys of each block of
// queries and makes dQ; nothing is added in memory. Where rows hold several documents, tiles that
// do not see each other are passed over.

#include <cstddef>

#include "kernels/attention.h"
#include "kernels/cuda/device.h"

namespace z2::cuda {

// Both off where the environment says Z2_HOPPER_ATTENTION=off. Forward takes rows with documents,
// and all where there is no cuDNN or the environment says Z2_HOPPER_ATTENTION=all.
[[nodiscard]] bool takesHopperForward(const Z2Context* context, const Z2AttentionForward& p);
[[nodiscard]] bool takesHopperBackward(const Z2Context* context, const Z2AttentionBackward& p);
// Of both, with documents and without.
[[nodiscard]] size_t hopperWorkspace(const Z2AttentionBackward& p);
Z2Status hopperForward(Z2Context* context, const Z2AttentionForward& p);
Z2Status hopperBackward(Z2Context* context, const Z2AttentionBackward& p);

}  // namespace z2::cuda
