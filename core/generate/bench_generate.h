#pragma once

// How fast a model answers: tokens a second of a shape with random weights, and what part of the
// device's memory speed that is, for each token reads every weight once.

#include <cstdint>
#include <string>

#include "core/base/dtype.h"
#include "core/base/error.h"
#include "core/generate/sampler.h"
#include "core/io/json.h"
#include "kernels/ops.h"

namespace z2 {

struct BenchGenerateOptions {
  std::string model = "tiny";  // a preset
  DType type = DType::kF32;
  int64_t prompt = 32;   // tokens
  int64_t tokens = 128;  // of an answer
  int64_t rows = 1;      // answers at once
  int64_t rounds = 3;    // measured, after one to warm up
  SamplingOptions sampling;
};

// {"tok_s","tok_s_min","tok_s_max","ms_token","prompt_tok_s","weights_gb","copy_gb_s",
// "bandwidth_share",…}: tok_s of all rows together, from the first new token to the last, the
// median of the rounds; prompt_tok_s until the first one; bandwidth_share is the time that reading
// the weights takes at the speed of a copy (bytes read and written) by the time of a step.
[[nodiscard]] Result<Json> benchGenerate(const Z2Ops& ops, const BenchGenerateOptions& options);

}  // namespace z2
