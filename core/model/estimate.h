#pragma once

// What a run will cost, from its configuration alone.

#include <cstdint>

#include "core/base/error.h"
#include "core/config/run_config.h"
#include "core/model/llama_config.h"
#include "core/model/memory_plan.h"

namespace z2 {

struct RunEstimate {
  LlamaConfig model;
  int64_t parameters = 0;
  int64_t matmulParameters = 0;
  MemoryPlan memory;          // what the engine allocates; the run's mem_gb is its total
  int64_t snapshotBytes = 0;  // host copy of the state while a checkpoint is written
  int64_t tokensPerStep = 0;
  StepFlops stepFlops;          // of an optimizer step, forward and backward
  int64_t checkpointBytes = 0;  // on disk: fp32 weights and both moments
};

[[nodiscard]] Result<RunEstimate> estimateRun(const RunConfig& config);

}  // namespace z2
