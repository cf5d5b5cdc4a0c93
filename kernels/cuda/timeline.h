#pragma once

// When the GPU worked on what (Z2Span in kernels/ops.h): pairs of CUDA's events on the stream.

#include <cstddef>
#include <cstdint>
#include <vector>

#include <cuda_runtime.h>

#include "kernels/tensor.h"
#include "kernels/timeline.h"

namespace z2::cuda {

struct Timeline {
  std::vector<cudaEvent_t> events;  // kept for the next spans
  size_t used = 0;                  // two a span
};

Z2Status beginSpan(Z2Context* context, const char* name);
Z2Status endSpan(Z2Context* context);
Z2Status takeSpans(Z2Context* context, Z2Span* out, int64_t room, int64_t* count);

}  // namespace z2::cuda
