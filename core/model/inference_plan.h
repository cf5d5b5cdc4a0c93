#pragma once

// The memory of generation: buffers of one call and the caches of all layers. Private to
// core/model.

#include <cstdint>
#include <vector>

#include "core/model/llama_inference.h"
#include "core/model/memory_plan.h"

namespace z2 {

// Steps whose tokens the host reads together: few enough that text still flows.
inline constexpr int64_t kStepsAhead = 8;

// Positions of a row in the cache: one more than asked for, where a full row's rest may write.
inline int64_t places(const LlamaInference::Options& options) { return options.capacity + 1; }

// Numbers of the buffers. Up to N positions of a call.
struct InferencePlan {
  MemoryPlan memory;
  int tokens, positions, cosine, sine;
  int residual, delta, normed, rstd, qkv, attention, gateUp, inner, logits;
  int chosen, history, stepWorkspace;
  std::vector<int> keys, values;  // by layer: [B, capacity, Hkv D]
};

[[nodiscard]] InferencePlan planInference(const Llama& model,
                                          const LlamaInference::Options& options, int64_t N);

}  // namespace z2
