#pragma once

// Kernels of a chain that begin before the one in front has ended (programmatic dependent launch,
// Hopper and later; a recording keeps it). What does not depend on the chain, such as reading
// weights, is then done while the last blocks in front still work.
//
// A kernel launched so waits in every block, before it touches anything that a kernel in front may
// write or read.

#include <cuda_runtime.h>

#include "kernels/cuda/device.h"

namespace z2::cuda {

__device__ __forceinline__ void waitForPrevious() {
#if defined(__CUDA_ARCH__) && __CUDA_ARCH__ >= 900
  asm volatile("griddepcontrol.wait;" ::: "memory");
#endif
}

// The next kernel's blocks may come once all of this one's have said so.
__device__ __forceinline__ void letNextBegin() {
#if defined(__CUDA_ARCH__) && __CUDA_ARCH__ >= 900
  asm volatile("griddepcontrol.launch_dependents;" ::: "memory");
#endif
}

// `cluster`: blocks in x that work together (kernels/cuda/cluster.cuh), 1 for none.
template <typename... Params>
Z2Status launchDependent(Z2Context* context, const char* name, void (*kernel)(Params...), dim3 grid,
                         dim3 block, size_t shared, unsigned cluster, const Params&... arguments) {
  // Kernels that divide a multiprocessor's memory differently cannot be on it at the same time.
  if (const Z2Status status =
          check(context,
                cudaFuncSetAttribute(kernel, cudaFuncAttributePreferredSharedMemoryCarveout,
                                     cudaSharedmemCarveoutMaxShared),
                name);
      status != Z2_OK)
    return status;
  cudaLaunchAttribute attributes[2] = {};
  unsigned count = 0;
  if (context->isHopper) {
    attributes[count].id = cudaLaunchAttributeProgrammaticStreamSerialization;
    attributes[count++].val.programmaticStreamSerializationAllowed = 1;
  }
  if (cluster > 1) {
    attributes[count].id = cudaLaunchAttributeClusterDimension;
    attributes[count++].val.clusterDim = {.x = cluster, .y = 1, .z = 1};
  }
  cudaLaunchConfig_t config{};
  config.gridDim = grid;
  config.blockDim = block;
  config.dynamicSmemBytes = shared;
  config.stream = context->stream;
  config.attrs = attributes;
  config.numAttrs = count;
  return check(context, cudaLaunchKernelEx(&config, kernel, arguments...), name);
}

}  // namespace z2::cuda
