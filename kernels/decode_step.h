#ifndef Z2_KERNELS_DECODE_STEP_H_
#define Z2_KERNELS_DECODE_STEP_H_

#include "kernels/tensor.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Weights of a layer, of the step's type and as kernels/row_linear.h reads them, and its caches. */
typedef struct Z2DecodeLayer {
  const void* attentionNorm; /* [C] */
  const void* qkv;           /* [(Hq + 2 Hkv) D, C] */
  const void* qkvBias;       /* [(Hq + 2 Hkv) D], or null */
  const void* output;        /* [C, Hq D] */
  const void* outputBias;    /* [C], or null */
  const void* mlpNorm;       /* [C] */
  const void* gateUp;        /* [2 F, C] */
  const void* down;          /* [C, F] */
  void* keys;                /* [B, capacity, Hkv D] */
  void* values;              /* [B, capacity, Hkv D] */
} Z2DecodeLayer;

/* A step of generation: one new position a row through a whole model of Llama's structure,
 *   x = embedding[token]
 *   of each layer: x += output(attention(qkv(norm(x)))), x += down(swiglu(gateUp(norm(x))))
 *   logits = head(norm(x))
 * with the operations of kernels/row_linear.h and kernels/attention.h (Z2AttentionStep), which
 * write the row's key and value at its position in the caches. On a GPU a row has the same bits in
 * each step of two to eight rows. Tokens and positions are read on the device, so that the call can
 * be recorded. */
typedef struct Z2DecodeStep {
  float* logits;               /* [B, V] */
  const int32_t* tokens;       /* [B], each in [0, V) */
  const int32_t* positions;    /* [B], each in [0, capacity) */
  const Z2DecodeLayer* layers; /* [L], on the host; not needed after the call */
  const void* embedding;       /* [V, C] type */
  const void* finalNorm;       /* [C] type */
  const void* head;            /* [V, C] type */
  const float* cosine;         /* [capacity, D / 2] */
  const float* sine;           /* [capacity, D / 2] */
  int64_t B, L, C, F, Hq, Hkv, D, V, capacity;
  float eps, scale;           /* of the norms; of attention's scores */
  Z2DType type, residualType; /* residualType: of x, type or Z2_F32 */
  void* workspace;            /* decodeStepWorkspace(...) bytes, zero before their first use */
} Z2DecodeStep;

#ifdef __cplusplus
}
#endif
#endif
