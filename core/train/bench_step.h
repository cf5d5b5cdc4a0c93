#pragma once

// How fast an optimizer step is: tokens a second and MFU of a model on random tokens, without data,
// evaluation and checkpoints.

#include <cstdint>
#include <string>
#include <vector>

#include "core/base/error.h"
#include "core/io/json.h"

namespace z2 {

struct BenchStepOptions {
  std::string model = "tiny";  // a preset
  int64_t microBatch = 0;      // 0: the preset's own, as for the three below
  int64_t sequence = 0;
  int64_t accumulation = 1;
  int64_t steps = 8;  // measured; one more before them is not
  std::string device = "auto";
  int threads = 0;                    // of the CPU; 0: all
  std::vector<std::string> settings;  // "key=value", as of --set
  bool isProfiled = false;            // adds "profile": seconds a step by operation
  std::string timeline;               // a file for the last step's operations; empty: none
  int64_t documentLength = 0;         // tokens of a document, of which a row holds several; 0: one
};

// {"tok_s","tok_s_min","tok_s_max","mfu","mfu_causal","peak_tflops","mem_gb","device","dtype",
// "parameters","step_s","loss",…}: the median of the steps, the slowest and the fastest; on a GPU
// also "device_used_gb", all that is taken of its memory. With isProfiled or a timeline (traceOf in
// core/train/profiled_ops.h) operations are not replayed from a recording, which cannot tell them
// apart; what lies between them is "idle".
[[nodiscard]] Result<Json> benchStep(const BenchStepOptions& options);

}  // namespace z2
