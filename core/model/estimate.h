#pragma once

// What a run will cost, from its configuration alone.

#include <cstdint>

#include "core/base/error.h"
#include "core/config/run_config.h"
#include "core/model/llama_config.h"
#include "core/model/memory_plan.h"

namespace z2 {

// Host memory of z2all-train before it has a model: its code, LibTorch's, thread stacks. Measured
// as peak resident memory less engine and snapshot, 134 to 138 MB for models of 0.6 M to 20 M
// parameters (LibTorch 2.11 on Linux).
inline constexpr int64_t kRuntimeBytes = 136'000'000;
// Memory of an NVIDIA GPU before there is a model: the driver's context, the libraries' workspaces.
// Measured as what is taken of the device less the engine's, 637 to 639 MB for models of 124 M and
// 1.3 B parameters in bf16 and fp8 (H200, driver 580, CUDA 13).
inline constexpr int64_t kGpuRuntimeBytes = 638'000'000;

struct RunEstimate {
  LlamaConfig model;
  int64_t parameters = 0;
  int64_t matmulParameters = 0;
  int64_t trainedParameters = 0;  // the adapters' alone where there are any
  MemoryPlan memory;              // what the engine allocates; the run's mem_gb is its total
  MemoryPlan leastMemory;     // the same where it is short: with what "auto" then computes again
  int64_t snapshotBytes = 0;  // host copy of the state while a checkpoint is written
  // Of one of the two. Peak resident memory of the process where it computes on the CPU; on a GPU
  // the plan is there and the rest on the host.
  [[nodiscard]] int64_t processBytes(const MemoryPlan& plan) const {
    return plan.totalBytes() + snapshotBytes + kRuntimeBytes;
  }
  // What a GPU must have free for it.
  [[nodiscard]] static int64_t gpuBytes(const MemoryPlan& plan) {
    return plan.totalBytes() + kGpuRuntimeBytes;
  }
  int64_t tokensPerStep = 0;
  StepFlops stepFlops;          // of an optimizer step, forward and backward
  int64_t checkpointBytes = 0;  // on disk: fp32 values and both moments of what is trained
};

[[nodiscard]] Result<RunEstimate> estimateRun(const RunConfig& config);

}  // namespace z2
