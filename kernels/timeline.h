#ifndef Z2_KERNELS_TIMELINE_H_
#define Z2_KERNELS_TIMELINE_H_

#ifdef __cplusplus
extern "C" {
#endif

/* When the device worked on what was put on it between beginSpan and endSpan, in seconds since the
 * first span that takeSpans returned with it. */
typedef struct Z2Span {
  double begin, end;
} Z2Span;

#ifdef __cplusplus
}
#endif
#endif
