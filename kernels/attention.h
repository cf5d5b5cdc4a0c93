#ifndef Z2_KERNELS_ATTENTION_H_
#define Z2_KERNELS_ATTENTION_H_

#include "kernels/rope.h"
#include "kernels/tensor.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Causal attention with grouped queries over the packed projection of kernels/rope.h:
 *   S = scale * Q K^T + mask;  P = softmax(S);  out = dropout(P) V
 * Query head h reads key/value head h / (Hq / Hkv). Position t of row b sees positions
 * documentStart[b, t] .. t (documentStart null: 0 .. t), so packed sequences never see each other;
 * the starts of a row do not decrease.
 * Never stores S when `fused` is 1 (FlashAttention, Dao et al., 2022); `fused` 0 materialises the
 * scores row block by row block in the workspace, by plain matmuls and a softmax.
 * Dropout draws element ((b * Hq + h) * T + i) * T + j. */
typedef struct Z2AttentionForward {
  void* out;                    /* [B, T, Hq * D] type */
  float* lse;                   /* [B, Hq, T]: log of the sum of exponentials, for backward */
  const void* qkv;              /* [B, T, (Hq + 2 Hkv) * D] type */
  const int32_t* documentStart; /* [B, T], or null */
  int64_t B, T, Hq, Hkv, D;
  float scale;
  Z2DType type;
  Z2Dropout dropout;
  int32_t fused;
  void* workspace;              /* attentionWorkspace(...) bytes */
} Z2AttentionForward;

/* With `rope`, the gradients of q and k are rotated back in the same call: `rope` is the inverse
 * rotation (kernels/rope.h) in place on dQkv. */
typedef struct Z2AttentionBackward {
  void* dQkv;                   /* [B, T, (Hq + 2 Hkv) * D] type */
  const void* dOut;             /* [B, T, Hq * D] type */
  const void* out;              /* [B, T, Hq * D] type */
  const float* lse;             /* [B, Hq, T] */
  const void* qkv;              /* [B, T, (Hq + 2 Hkv) * D] type */
  const int32_t* documentStart; /* [B, T], or null */
  int64_t B, T, Hq, Hkv, D;
  float scale;
  Z2DType type;
  Z2Dropout dropout;
  int32_t fused;
  void* workspace;              /* attentionWorkspace(...) bytes */
  const Z2Rope* rope;           /* or null */
} Z2AttentionBackward;

/* Generation: T new positions a row against a cache that already holds them.
 * out[b, i] attends to cache positions 0 .. length[b] - T + i. */
typedef struct Z2AttentionCached {
  void* out;              /* [B, T, Hq * D] type */
  const void* q;          /* [B, T, qStride] type; the first Hq * D of each row are the queries */
  const void* keys;       /* [B, capacity, Hkv * D] type */
  const void* values;     /* [B, capacity, Hkv * D] type */
  const int32_t* length;  /* [B] on the host: positions in the cache, the new ones included */
  int64_t B, T, Hq, Hkv, D, capacity, qStride;
  float scale;
  Z2DType type;
} Z2AttentionCached;

/* Generation, one new position a row: RoPE (kernels/rope.h) on the row's q and k, key and value into
 * the cache at positions[b], then attention to cache positions 0 .. positions[b]. Where the rows
 * stand is read on the device, so that the call can be recorded and run again at the next
 * position, and read early: the operation right in front writes neither positions nor caches. */
typedef struct Z2AttentionStep {
  void* out;                /* [B, Hq * D] type */
  void* qkv;                /* [B, (Hq + 2 Hkv) * D] type, before RoPE; undefined afterwards */
  void* keys;               /* [B, capacity, Hkv * D] type */
  void* values;             /* [B, capacity, Hkv * D] type */
  const int32_t* positions; /* [B], each in [0, capacity) */
  const float* cosine;      /* [capacity, D / 2] */
  const float* sine;        /* [capacity, D / 2] */
  int64_t B, Hq, Hkv, D, capacity;
  float scale;
  Z2DType type;
  void* workspace;          /* attentionStepWorkspace(...) bytes, zero before their first use */
} Z2AttentionStep;

#ifdef __cplusplus
}
#endif
#endif
