#ifndef Z2_KERNELS_CROSS_ENTROPY_H_
#define Z2_KERNELS_CROSS_ENTROPY_H_

#include "kernels/tensor.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Cross-entropy of a chunk of rows, in place, with no fp32 copy of the logits:
 *   lse[n]   = log sum_v exp(logits[n, v])
 *   loss[n]  = lse[n] - logits[n, targets[n]]        (0 for an ignored row)
 *   logits   <- (exp(logits - lse) - onehot(target)) * gradScale * weights[n]   (0 for an ignored row)
 * `weights` are the derivative of a loss of the log probabilities (DPO's, for one) with respect to
 * each row's loss; null: 1, the sum of the losses. The gradient is written only when writeGradient
 * is 1; else logits stay. A negative target is ignored. `fused` 0 makes an fp32 copy of the chunk in
 * the workspace and works by passes. */
typedef struct Z2CrossEntropy {
  void* logits;           /* [N, V] type, in place */
  float* loss;            /* [N] */
  float* logProb;         /* [N]: logits[target] - lse, 0 for an ignored row; or null */
  const int32_t* targets; /* [N] */
  int64_t N, V;
  float gradScale;        /* 1 / number of valid tokens of the whole optimizer step */
  Z2DType type;
  int32_t writeGradient;
  int32_t fused;
  void* workspace;        /* crossEntropyWorkspace(N, V) bytes; used when fused is 0 */
  const float* weights;   /* [N], or null */
} Z2CrossEntropy;

#ifdef __cplusplus
}
#endif
#endif
