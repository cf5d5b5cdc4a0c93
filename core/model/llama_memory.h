#pragma once

// The buffers of a Llama, by their numbers in the memory plan. Private to core/model.

#include <cstdint>
#include <vector>

#include "core/model/adapters.h"
#include "core/model/llama.h"
#include "core/model/memory_plan.h"

namespace z2 {

// Of one layer. -1: the model is not trained and has none, or codes of 8 bits take its place.
struct LayerPlan {
  // From forward to backward.
  int residual1 = -1;  // [N, C] residual type: what the attention norm reads
  int rstd1 = -1;      // [N]
  int norm1 = -1;      // [N, C]
  int qkv = -1;        // [N, qkvWidth]
  int attention = -1;  // [N, Hq D]
  int lse = -1;        // [B, Hq, T]
  int residual2 = -1;  // [N, C] residual type: what the MLP norm reads
  int rstd2 = -1;      // [N]
  int norm2 = -1;      // [N, C]
  int gateUp = -1;     // [N, 2 F], its gradient in backward
  // Of forward alone.
  int inner = -1;  // [N, F]
  // Of backward alone.
  int dInner = -1;      // [N, F]
  int innerAgain = -1;  // [N, F]
  int dNorm2 = -1;      // [N, C]
  int norm2Again = -1;  // [N, C]: norm2, or its place when it is made again
  int dAttention = -1;  // [N, Hq D]
  int dQkv = -1;        // [N, qkvWidth]
  int dNorm1 = -1;      // [N, C]
  int norm1Again = -1;  // [N, C]: as norm2Again
};

// Of one group of adapters (core/model/adapters.h). -1: not trained, or without dropout.
struct AdapterPlan {
  int wide = -1;          // [rows, width]: s B, block by block
  int inner = -1;         // [N, width]: x A^T, kept until backward
  int dropped = -1;       // [N, columns]: the input after dropout, in forward
  int dInner = -1;        // [N, width]
  int droppedAgain = -1;  // [N, columns]: the same in backward
  int dDropped = -1;      // [N, columns]
};

struct LlamaPlan {
  MemoryPlan memory;
  int master = -1, weights = -1, gradients = -1, m = -1, v = -1;
  int tokens = -1, targets = -1, positions = -1, documentStart = -1;
  int cosine = -1, sine = -1;
  int adapterMaster = -1, adapterWeights = -1, adapterGradients = -1, adapterM = -1, adapterV = -1;
  int wideGradient = -1;              // fp32, of the largest group's wide B
  int discarded = -1;                 // [C] fp32: gradients of frozen norms, which nobody reads
  std::vector<AdapterPlan> adapters;  // by group
  std::vector<LayerPlan> layers;      // of forward
  // Of backward, which fills those of forward again where blocks are recomputed; else they are
  // forward's own.
  std::vector<LayerPlan> backLayers;
  int delta = -1;          // [N, C]: what joins the residual stream next
  int deltaAgain = -1;     // [N, C]: the same where a block is computed again
  int finalResidual = -1;  // [N, C] residual type
  int finalRstd = -1;      // [N]
  int finalNorm = -1;      // [N, C], its gradient after the head's backward
  int logits = -1;         // [headRows, V]
  int rowLogits = -1;      // [V] fp32
  int lossRows = -1;       // [kLossSlots, N]
  int evaluated = -1;      // [N]: losses of evaluate
  int lossWeights = -1;    // [N]: what a TargetWeigher gave
  int dResidual = -1;      // [N, C] residual type
  int dDelta = -1;         // [N, C]; -1: dResidual is it
  int workspace = -1;      // of whichever operation runs
  // Of products of 8-bit floats; -1: there are none. See core/model/fp8_linear.h.
  int codes = -1, transposedNarrow = -1, transposedWide = -1, input = -1, scales = -1;
  int weights8 = -1, weights8Transposed = -1;
  int64_t headRows = 0;
};

// Micro-batches whose losses wait on the device before they are summed on the host.
inline constexpr int64_t kLossSlots = 32;

[[nodiscard]] LlamaPlan planLlama(const LlamaConfig& config, const LlamaOptions& options,
                                  const ParameterLayout& layout, const AdapterLayout& adapters,
                                  const Z2Ops* ops);

}  // namespace z2
