#pragma once

// What every CUDA source of the plug-in shares on the host's side: the context and its errors.

#include <cstdint>
#include <string>

#include <cuda_runtime.h>

#include "kernels/cuda/timeline.h"
#include "kernels/tensor.h"

namespace z2::cuda {
class CudnnAttention;
class Matmuls;
}  // namespace z2::cuda

// Page-locked memory that copies to the device pass through.
struct Staging {
  char* memory = nullptr;
  size_t used = 0;
};

// One device of this process. Used by one thread at a time, as the table says.
struct Z2Context {
  int device = 0;
  cudaStream_t stream = nullptr;
  int multiprocessors = 0;
  bool isHopper = false;                      // compute capability 9.0
  bool hasFp8 = false;                        // 8.9 and above: products of 8-bit floats
  std::string error;                          // of the last operation that failed
  z2::cuda::Matmuls* matmuls = nullptr;       // cuBLASLt; owned by the table (cuda_ops.cu)
  z2::cuda::CudnnAttention* cudnn = nullptr;  // null: attention is our own
  Staging staging;
  z2::cuda::Timeline timeline;
};

namespace z2::cuda {

// Records why an operation failed and returns the status.
inline Z2Status fail(Z2Context* context, Z2Status status, std::string why) {
  context->error = std::move(why);
  return status;
}

// The status of a CUDA call or of the launch just made (cudaGetLastError); clears a sticky error.
inline Z2Status check(Z2Context* context, cudaError_t outcome, const char* doing) {
  if (outcome == cudaSuccess) return Z2_OK;
  cudaGetLastError();
  return fail(context, outcome == cudaErrorMemoryAllocation ? Z2_NO_MEMORY : Z2_FAILED,
              std::string(doing) + ": " + cudaGetErrorString(outcome));
}

// Lets the kernel's blocks have that much dynamic shared memory; more than 48 KB needs it.
template <typename Kernel>
Z2Status allowShared(Z2Context* context, Kernel* kernel, size_t bytes, const char* operation) {
  const cudaError_t outcome = cudaFuncSetAttribute(
      kernel, cudaFuncAttributeMaxDynamicSharedMemorySize, static_cast<int>(bytes));
  if (outcome == cudaSuccess) return Z2_OK;
  return check(context, outcome, (std::string(operation) + ": shared memory").c_str());
}

constexpr int64_t divideUp(int64_t a, int64_t b) { return (a + b - 1) / b; }

}  // namespace z2::cuda

// Calls body.template operator()<T>() with the C++ type of an element type, or fails.
#define Z2_BY_TYPE(context, type, body)                              \
  ((type) == Z2_F32    ? (body).template operator()<float>()         \
   : (type) == Z2_BF16 ? (body).template operator()<__nv_bfloat16>() \
   : (type) == Z2_F16  ? (body).template operator()<__half>()        \
                       : ::z2::cuda::fail(context, Z2_INVALID, "unknown element type"))
