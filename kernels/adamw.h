#ifndef Z2_KERNELS_ADAMW_H_
#define Z2_KERNELS_ADAMW_H_

#include "kernels/tensor.h"

#ifdef __cplusplus
extern "C" {
#endif

/* out[0] = sum of squares of x, in double on the way, in a fixed order; added to what is there when
 * accumulate is 1. Infinite or NaN elements make it so. */
typedef struct Z2SquaredNorm {
  double* out;     /* [1], on the device */
  const float* x;  /* [n] */
  int64_t n;
  int32_t accumulate;
  void* workspace; /* squaredNormWorkspace(n) bytes */
} Z2SquaredNorm;

/* AdamW (Loshchilov & Hutter, 2017) over a flat range; the clip is inside:
 *   scale  = gradScale * min(1, maxNorm / (sqrt(squaredNorm) * gradScale + 1e-6))
 *   g      = grad * scale
 *   m      = beta1 m + (1 - beta1) g;  v = beta2 v + (1 - beta2) g^2
 *   master = master - lr * (weightDecay * master
 *                           + (m / (1 - beta1^step)) / (sqrt(v / (1 - beta2^step)) + eps))
 *   weights = round(master) when not null; grad = 0 when zeroGrad is 1.
 * When squaredNorm is not finite, nothing changes but the gradient's zeroing: the step is skipped.
 * maxNorm 0 switches the clip off. `fused` 0 works by separate passes. */
typedef struct Z2AdamW {
  float* master;             /* [n] */
  float* m;                  /* [n] */
  float* v;                  /* [n] */
  float* grad;               /* [n] */
  void* weights;             /* [n] weightType, or null when master is what the model reads */
  const double* squaredNorm; /* [1], on the device, of the whole gradient before gradScale */
  int64_t n;
  float lr, beta1, beta2, eps, weightDecay, gradScale, maxNorm;
  int64_t step;              /* from 1 */
  Z2DType weightType;
  int32_t zeroGrad;
  int32_t fused;
} Z2AdamW;

#ifdef __cplusplus
}
#endif
#endif
