#ifndef Z2_KERNELS_ELEMENTWISE_H_
#define Z2_KERNELS_ELEMENTWISE_H_

#include "kernels/tensor.h"

#ifdef __cplusplus
extern "C" {
#endif

/* out = in, converted with rounding to nearest even. out may be in when the types are equal. */
typedef struct Z2Convert {
  void* out;      /* [n] outType */
  const void* in; /* [n] inType */
  int64_t n;
  Z2DType outType, inType;
} Z2Convert;

/* out = a + dropout(b): the last residual add, and a gradient's. out may be a. */
typedef struct Z2Add {
  void* out;      /* [n] type */
  const void* a;  /* [n] type */
  const void* b;  /* [n] typeB */
  int64_t n;
  Z2DType type, typeB;
  Z2Dropout dropout;
} Z2Add;

/* out = dropout(in): forward and backward of dropout alone. out may be in. */
typedef struct Z2DropoutApply {
  void* out;      /* [n] outType */
  const void* in; /* [n] inType */
  int64_t n;
  Z2DType outType, inType;
  Z2Dropout dropout;
} Z2DropoutApply;

/* out[m, n] = scale * in[m, n], added to what is there when accumulate is 1: a block of a wider
 * matrix, cut out or put in. Pointers need no more alignment than their elements. Blocks of a
 * low-rank adapter (LoRA) are small: this is made to be one launch, not to be fast. */
typedef struct Z2CopyBlock {
  void* out;      /* M rows, outStride elements apart, of N elements of outType */
  const void* in; /* M rows, inStride elements apart, of N elements of inType */
  int64_t M, N, outStride, inStride;
  float scale;
  int32_t accumulate;
  Z2DType outType, inType;
} Z2CopyBlock;

#ifdef __cplusplus
}
#endif
#endif
