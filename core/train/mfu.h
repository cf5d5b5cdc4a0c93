#pragma once

// Model FLOPs utilisation: what share of the device's peak the model's own arithmetic takes
// (PaLM, Chowdhery et al., 2022, appendix B).

#include <cstdint>
#include <string>

#include "core/base/dtype.h"
#include "core/base/error.h"
#include "core/model/llama_config.h"
#include "kernels/ops.h"

namespace z2 {

struct PeakRate {
  double tflops = 0;   // dense, of the computation's type
  std::string source;  // "data sheet", or how it was measured
};

// The device's own figure; where it gives none (a CPU), the best of a few square fp32 matmuls
// through the table, a tenth of a second in all. Waits for the device.
[[nodiscard]] Result<PeakRate> peakRate(const Z2Ops& ops, DType type);

// Both conventions of counting attention (core/model/llama_config.h), as shares of 1.
struct Utilisation {
  double full = 0;
  double causal = 0;
};
[[nodiscard]] Utilisation utilisation(const LlamaConfig& config, int64_t sequenceLength,
                                      double tokensPerSecond, const PeakRate& peak);

}  // namespace z2
