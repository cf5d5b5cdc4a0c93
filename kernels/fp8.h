#ifndef Z2_KERNELS_FP8_H_
#define Z2_KERNELS_FP8_H_

#include "kernels/tensor.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Products of 8-bit floats with one scale a tensor (Micikevicius et al., "FP8 formats for deep
 * learning", 2022): x ~ code * scale. Z2_E4M3 has 448 as its greatest number, Z2_E5M2 57,344. */

/* The scale of a tensor's codes: the smallest power of 4 (Z2_E4M3) or 16 (Z2_E5M2) with which
 * max |x| is within the format, at least 2^-124; 1 for a tensor of zeroes, NaN where max |x| is not
 * finite. It follows from the tensor alone, so the same tensor always has the same codes.
 *
 * The device finds it in one pass over the tensor, most of the time: codes are written with the
 * scale of the last tensor that this was the scale of, while max |x| is measured, and once more where
 * that was another one. How often depends on the past, the codes do not. On the device, aligned to
 * 16 bytes, zero at first; but for `scale` it is the operations' own. */
typedef struct Z2Scale {
  float scale;
  float tried;      /* what codes were written with */
  int32_t amax;     /* of what is measured, as a float's bits */
  uint32_t arrived; /* blocks that have read amax */
} Z2Scale;

/* A result of N rows and C columns as codes, as it lies and transposed, because products read both
 * factors along K: round(x / scale) to nearest even, beyond the format's greatest number that one. C
 * is a multiple of 16, and so is N where `transposed` is asked for. */
typedef struct Z2Codes {
  void* codes;      /* [N, C], or null */
  void* transposed; /* [C, N], or null */
  Z2Scale* scale;
  Z2DType type;     /* Z2_E4M3 or Z2_E5M2 */
  int32_t isKnown;  /* 1: scale is there from an earlier call with the same result */
} Z2Codes;

typedef struct Z2Quantise {
  Z2Codes out;
  const void* in; /* [N, C] type, a 16-bit one */
  int64_t N, C;
  Z2DType type;
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
