#ifndef Z2_KERNELS_ROPE_H_
#define Z2_KERNELS_ROPE_H_

#include "kernels/tensor.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Rotary position embedding (Su et al., 2021), half-split as in Llama's Hugging Face form, in place
 * on the packed projection [N, (Hq + 2 Hkv) * D] in the order q heads, k heads, v heads; v is not
 * rotated. With p = positions[n] and pairs (d, d + D/2):
 *   forward:  (a, b) -> (a cos - b sin, b cos + a sin)
 *   backward: (a, b) -> (a cos + b sin, b cos - a sin)        (inverse != 0)
 * `bias`, when given, is added to q, k and v before the rotation (forward only).
 * `fused` 0 does bias, rotation of q and of k by separate passes. */
typedef struct Z2Rope {
  void* qkv;                /* [N, (Hq + 2 Hkv) * D] type, in place */
  const void* bias;         /* [(Hq + 2 Hkv) * D] type, or null */
  const float* cosine;      /* [P, D / 2] */
  const float* sine;        /* [P, D / 2] */
  const int32_t* positions; /* [N], each in [0, P) */
  int64_t N, Hq, Hkv, D, P;
  Z2DType type;
  int32_t inverse;
  int32_t fused;
} Z2Rope;

#ifdef __cplusplus
}
#endif
#endif
