#ifndef Z2_KERNELS_ROW_LINEAR_H_
#define Z2_KERNELS_ROW_LINEAR_H_

#include "kernels/tensor.h"

#ifdef __cplusplus
extern "C" {
#endif

/* A linear layer over the few rows of a step of generation, with what stands before and behind it in
 * the same pass:
 *   h   = x, or with normWeight RMSNorm(x) rounded to type (kernels/rms_norm.h)
 *   y   = h weight^T + bias                                 fp32 sums
 *   z   = y, or with swiglu z[m, f] = silu(y[m, f]) * y[m, F + f], N = 2 F (kernels/swiglu.h)
 *   out = z, or with accumulate out + z
 * Such a step reads every weight once, so its ceiling is the speed of memory. Between the parts an
 * implementation may round to type. */
typedef struct Z2RowLinear {
  void* out;              /* [M, swiglu ? N / 2 : N] outType */
  const void* x;          /* [M, K] xType, not out; without normWeight xType is type */
  const void* weight;     /* [N, K] type */
  const void* bias;       /* [N] type, or null */
  const void* normWeight; /* [K] type, or null */
  int64_t M, N, K;
  float eps;              /* of the norm */
  int32_t swiglu, accumulate;
  Z2DType type, xType, outType;
  void* workspace;        /* rowLinearWorkspace(...) bytes */
} Z2RowLinear;

#ifdef __cplusplus
}
#endif
#endif
