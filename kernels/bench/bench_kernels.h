#pragma once

// Times every operation of a table (kernels/ops.h), the CPU's or a plug-in's, on the shapes of one
// model, and sets each against what the device was measured to be able to: the speed of copying,
// and of a large matrix product.

#include <cstdint>

#include "core/base/dtype.h"
#include "core/base/error.h"
#include "core/io/json.h"
#include "kernels/ops.h"

namespace z2 {

struct KernelBenchOptions {
  int64_t batch = 8, length = 256;  // B, T
  int64_t hidden = 320, heads = 5, kvHeads = 5, headSize = 64;
  int64_t intermediate = 864, vocabulary = 8000;
  DType type = DType::kF32;
  bool hasFp8 = false;  // also products of 8-bit floats; `type` then is of 16 bits
  double secondsPerKernel = 0.3;
};

// An array, one object a kernel: name, shape, dtype, ms, gb_s or tflop_s, ceiling (in the same
// unit), percent. gb_s counts each operand once. Fails when the device lacks memory or refuses a
// shape, in the table's own words.
[[nodiscard]] Result<Json> benchKernels(const Z2Ops& ops, const KernelBenchOptions& options);

}  // namespace z2
