#ifndef Z2_KERNELS_RMS_NORM_H_
#define Z2_KERNELS_RMS_NORM_H_

#include "kernels/fp8.h"
#include "kernels/tensor.h"

#ifdef __cplusplus
extern "C" {
#endif

/* RMSNorm (Zhang & Sennrich, 2019), fused with the residual add before it:
 *   residualOut = residualIn + dropout(delta)        (delta null: residualOut is not written)
 *   rstd[n]     = 1 / sqrt(mean_c residualOut[n, c]^2 + eps)
 *   out[n, c]   = weight[c] * residualOut[n, c] * rstd[n]
 * residualOut may be residualIn. Sums are fp32. `fused` 0 does the same by separate passes.
 *
 * Codes of out need no measuring: |residualOut[n, c]| * rstd[n] <= sqrt(C), so that their scale is
 * that of a tensor with max |x| = sqrt(C) * max_c |weight[c]|. */
typedef struct Z2RmsNormForward {
  void* out;              /* [N, C] type; null with codes */
  float* rstd;            /* [N] */
  void* residualOut;      /* [N, C] residualType; null when delta is null */
  const void* residualIn; /* [N, C] residualType */
  const void* delta;      /* [N, C] type, or null */
  const void* weight;     /* [C] type */
  int64_t N, C;
  float eps;
  Z2DType type, residualType;
  Z2Dropout dropout;      /* on delta */
  int32_t fused;
  const Z2Codes* codes;   /* of out, in its place, as it lies alone, Z2_E4M3; or null */
} Z2RmsNormForward;

/* With x = the residual that was normalised and g = dOut * weight:
 *   dResidual[n, c] += rstd * (g - x * rstd^2 * mean_c(g * x))
 *   dWeight[c]      += sum_n dOut[n, c] * x[n, c] * rstd[n]
 *   dDelta          = dropout'(dResidual)             (null: not written)
 * dResidual comes in with the gradient that flows along the residual stream; accumulate 0 says that
 * there is none yet and that it is to be written. dDelta may be null when dropout is off and types
 * are equal: then dResidual itself is delta's gradient. `outAgain`, when not null, is written with the
 * forward's out in the same pass, to the bit, so that it need not be kept between forward and
 * backward. */
typedef struct Z2RmsNormBackward {
  void* dResidual;        /* [N, C] residualType, in and out */
  void* dDelta;           /* [N, C] type, or null */
  float* dWeight;         /* [C] */
  const void* dOut;       /* [N, C] type */
  const void* residual;   /* [N, C] residualType: residualOut (or residualIn) of the forward */
  const void* weight;     /* [C] type */
  const float* rstd;      /* [N] */
  int64_t N, C;
  Z2DType type, residualType;
  Z2Dropout dropout;
  int32_t accumulate;
  int32_t fused;
  void* workspace;        /* rmsNormBackwardWorkspace(N, C) bytes */
  void* outAgain;         /* [N, C] type, or null */
  const Z2Codes* codes;   /* of outAgain, in its place, transposed alone, Z2_E4M3, its scale known;
                           * or null */
} Z2RmsNormBackward;

#ifdef __cplusplus
}
#endif
#endif
