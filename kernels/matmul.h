#ifndef Z2_KERNELS_MATMUL_H_
#define Z2_KERNELS_MATMUL_H_

#include "kernels/tensor.h"

#ifdef __cplusplus
extern "C" {
#endif

/* out = op(a) op(b) + beta * out, row-major, fp32 accumulation; op transposes when asked.
 * The three uses of a linear layer y[N, O] = x[N, I] w[O, I]^T:
 *   forward   y  = x w^T              M=N N=O K=I   transposeB
 *   data      dx = dy w               M=N N=I K=O
 *   weight    dw += dy^T x            M=O N=I K=N   transposeA, beta 1, outType fp32 */
typedef struct Z2Matmul {
  void* out;        /* [M, N] outType */
  const void* a;    /* transposeA ? [K, M] : [M, K], type */
  const void* b;    /* transposeB ? [N, K] : [K, N], type */
  const void* bias; /* [N] type, added to each row, or null */
  int64_t M, N, K;
  int32_t transposeA, transposeB;
  float beta;       /* 0 or 1 */
  Z2DType type, outType;
} Z2Matmul;

/* dBias[n] += sum_m dOut[m, n], in the order of m. */
typedef struct Z2BiasBackward {
  float* dBias;     /* [N] */
  const void* dOut; /* [M, N] type */
  int64_t M, N;
  Z2DType type;
  void* workspace;  /* biasBackwardWorkspace(M, N) bytes */
} Z2BiasBackward;

#ifdef __cplusplus
}
#endif
#endif
