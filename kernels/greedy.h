#ifndef Z2_KERNELS_GREEDY_H_
#define Z2_KERNELS_GREEDY_H_

#include "kernels/tensor.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The most likely token, where the next step of generation reads it:
 *   chosen[m] = the first of the greatest of logits[m, :], NaN passed over; -1 where all are NaN
 *   tokens[m] = chosen[m], or 0 for -1, so that it stays a token
 *   positions[m] += 1 */
typedef struct Z2Greedy {
  int32_t* chosen;     /* [M] */
  int32_t* tokens;     /* [M] */
  int32_t* positions;  /* [M] */
  const float* logits; /* [M, V] */
  int64_t M, V;
} Z2Greedy;

#ifdef __cplusplus
}
#endif
#endif
