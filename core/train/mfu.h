#pragma once

// Model FLOPs utilisation: what share of the device's peak the model's own arithmetic takes
// (PaLM, Chowdhery et al., 2022, appendix B).

#include <cstdint>

#include "core/base/dtype.h"
#include "core/base/error.h"
#include "core/model/llama_config.h"
#include "kernels/ops.h"

namespace z2 {

// The device's dense peak for the computation's type: a GPU's by its data sheet, a CPU's measured
// (kernels/cpu/peak.h). 0: not known.
[[nodiscard]] Result<double> peakTflops(const Z2Ops& ops, DType type);

// Both conventions of counting attention (core/model/llama_config.h), as shares of 1; 0 where the
// peak is not known.
struct Utilisation {
  double full = 0;
  double causal = 0;
};
// `adapters` as for flopsPerToken.
[[nodiscard]] Utilisation utilisation(const LlamaConfig& config, int64_t sequenceLength,
                                      double tokensPerSecond, double peakTflops,
                                      int64_t adapters = 0);

}  // namespace z2
