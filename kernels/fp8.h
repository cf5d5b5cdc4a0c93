#ifndef Z2_KERNELS_FP8_H_
#define Z2_KERNELS_FP8_H_

#include "kernels/tensor.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Products of 8-bit floats with one scale a tensor (Micikevicius et al., "FP8 formats for deep
 * learning", 2022): x ~ code * scale, scale = max |x| / the format's greatest number, 448 (E4M3) or
 * 57,344 (E5M2). The scale is found on the device from the tensor itself, so it needs no history:
 * the same tensor always has the same codes. */

/* amax[0] = max(amax[0], max_i |in[i]|); NaN where there is one. The caller clears amax first. */
typedef struct Z2Amax {
  float* amax;    /* [1] */
  const void* in; /* [n] type */
  int64_t n;
  Z2DType type;
} Z2Amax;

/* codes = round(in / scale) to nearest even, beyond the greatest number that one; as the tensor lies
 * and transposed, because the products read both factors along K. scale is written; 1 when amax is
 * 0. C is a multiple of 16, and so is N when `transposed` is asked for. */
typedef struct Z2Quantise {
  void* codes;       /* [N, C] codeType, or null */
  void* transposed;  /* [C, N] codeType, or null */
  float* scale;      /* [1] */
  const void* in;    /* [N, C] type, a 16-bit one */
  const float* amax; /* [1] */
  int64_t N, C;
  Z2DType type, codeType;
} Z2Quantise;

/* out = scaleA scaleB (a b^T) + bias + beta * out, in fp32 sums. N and K are multiples of 16, and one
 * of the code types is E4M3. fastSums 1: sums of products keep fewer bits on the way, as the tensor
 * cores make them by themselves. */
typedef struct Z2MatmulFp8 {
  void* out;           /* [M, N] outType */
  const void* a;       /* [M, K] typeA */
  const void* b;       /* [N, K] typeB */
  const float* scaleA; /* [1], aligned to 16 bytes */
  const float* scaleB; /* [1], aligned to 16 bytes */
  const void* bias;    /* [N] outType, or null; outType then is a 16-bit one */
  int64_t M, N, K;
  float beta;          /* 0, or 1 when outType is Z2_F32 */
  Z2DType typeA, typeB, outType;
  int32_t fastSums;
} Z2MatmulFp8;

#ifdef __cplusplus
}
#endif
#endif
