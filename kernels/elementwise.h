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

#ifdef __cplusplus
}
#endif
#endif
