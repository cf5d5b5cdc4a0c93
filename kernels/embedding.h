#ifndef Z2_KERNELS_EMBEDDING_H_
#define Z2_KERNELS_EMBEDDING_H_

#include "kernels/tensor.h"

#ifdef __cplusplus
extern "C" {
#endif

/* out[n, c] = table[tokens[n], c]. Token ids must lie in [0, V). */
typedef struct Z2EmbeddingForward {
  void* out;             /* [N, C] outType */
  const void* table;     /* [V, C] tableType */
  const int32_t* tokens; /* [N] */
  int64_t N, C, V;
  Z2DType outType, tableType;
} Z2EmbeddingForward;

/* dTable[tokens[n], c] += dOut[n, c], in an order that the tokens alone decide, so that it is
 * deterministic. */
typedef struct Z2EmbeddingBackward {
  float* dTable;         /* [V, C] */
  const void* dOut;      /* [N, C] dOutType */
  const int32_t* tokens; /* [N] */
  int64_t N, C, V;
  Z2DType dOutType;
  void* workspace;       /* embeddingBackwardWorkspace(N, C) bytes */
} Z2EmbeddingBackward;

#ifdef __cplusplus
}
#endif
#endif
