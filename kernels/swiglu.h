#ifndef Z2_KERNELS_SWIGLU_H_
#define Z2_KERNELS_SWIGLU_H_

#include "kernels/fp8.h"
#include "kernels/tensor.h"

#ifdef __cplusplus
extern "C" {
#endif

/* SwiGLU (Shazeer, 2020) on the fused projection, gate first:
 *   out[n, f] = silu(gateUp[n, f]) * gateUp[n, F + f],  silu(x) = x / (1 + exp(-x)) */
typedef struct Z2SwigluForward {
  void* out;            /* [N, F] type; null with codes */
  const void* gateUp;   /* [N, 2 F] type */
  int64_t N, F;
  Z2DType type;
  int32_t fused;
  const Z2Codes* codes; /* of out, in its place, type then is a 16-bit one; or null */
} Z2SwigluForward;

/* dGateUp may be gateUp. `out`, when not null, is written with the forward's result in the same
 * pass, so that it need not be kept between forward and backward. Codes take the place of both, and
 * the scale of outCodes is known. */
typedef struct Z2SwigluBackward {
  void* dGateUp;           /* [N, 2 F] type; null with codes */
  void* out;               /* [N, F] type, or null; must not be dOut */
  const void* dOut;        /* [N, F] type */
  const void* gateUp;      /* [N, 2 F] type */
  int64_t N, F;
  Z2DType type;
  int32_t fused;
  const Z2Codes* codes;    /* of dGateUp, in its place, type then is a 16-bit one; or null */
  const Z2Codes* outCodes; /* of out, transposed alone, Z2_E4M3; null without codes */
} Z2SwigluBackward;

#ifdef __cplusplus
}
#endif
#endif
