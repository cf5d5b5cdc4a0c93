#ifndef Z2_KERNELS_OPS_H_
#define Z2_KERNELS_OPS_H_

/* The table of operations: the one boundary between the engine and a device.
 *
 * The engine (core/model, core/optim, core/train) is one code for all devices: it calls operations
 * through this table and never asks which device it is. The CPU's table is linked in
 * (kernels/cpu_ops.h); the CUDA plug-in exports one function, `z2OpenOps`, which returns its own.
 *
 * Adding an operation: its header beside this one, an entry at the end of the table, the version
 * raised; then its reference, its implementations, test and bench under the same name.
 */

#include "kernels/adamw.h"
#include "kernels/attention.h"
#include "kernels/cross_entropy.h"
#include "kernels/decode_step.h"
#include "kernels/elementwise.h"
#include "kernels/embedding.h"
#include "kernels/fp8.h"
#include "kernels/greedy.h"
#include "kernels/matmul.h"
#include "kernels/rms_norm.h"
#include "kernels/rope.h"
#include "kernels/row_linear.h"
#include "kernels/swiglu.h"
#include "kernels/tensor.h"
#include "kernels/timeline.h"

#ifdef __cplusplus
extern "C" {
#endif

#define Z2_OPS_VERSION 8

typedef struct Z2DeviceInfo {
  char name[128];        /* "NVIDIA H100 80GB HBM3", "AMD EPYC, 2 threads" */
  double peakTflops[3];  /* by Z2DType, dense; 0 when unknown */
  int64_t memoryBytes;   /* of the device */
  int64_t freeBytes;
  int32_t canRecord;     /* 1: beginRecording and the rest work */
  int32_t measured;      /* shapes of products that this process found the fastest algorithm for */
  double measuring;      /* the seconds that it took */
} Z2DeviceInfo;

/* Work that was put on the stream once and can be run again as a whole; opaque. */
typedef struct Z2Recording Z2Recording;

typedef struct Z2Ops {
  uint32_t version;      /* Z2_OPS_VERSION of the implementation */
  uint32_t size;         /* sizeof(Z2Ops) of the implementation */
  Z2Context* context;    /* the first argument of everything below */

  const char* (*lastError)(Z2Context*);
  Z2Status (*deviceInfo)(Z2Context*, Z2DeviceInfo*);

  /* Memory on the device, aligned to 256 bytes, contents undefined. */
  Z2Status (*allocate)(Z2Context*, size_t bytes, void** out);
  Z2Status (*release)(Z2Context*, void* memory);
  Z2Status (*fillZero)(Z2Context*, void* memory, size_t bytes);
  Z2Status (*copyToDevice)(Z2Context*, void* device, const void* host, size_t bytes);
  Z2Status (*copyToHost)(Z2Context*, void* host, const void* device, size_t bytes); /* waits */
  Z2Status (*copyOnDevice)(Z2Context*, void* to, const void* from, size_t bytes);
  Z2Status (*synchronize)(Z2Context*);

  size_t (*embeddingBackwardWorkspace)(Z2Context*, int64_t N, int64_t C);
  size_t (*rmsNormBackwardWorkspace)(Z2Context*, int64_t N, int64_t C);
  size_t (*attentionWorkspace)(Z2Context*, const Z2AttentionBackward* shape);
  size_t (*biasBackwardWorkspace)(Z2Context*, int64_t M, int64_t N);
  size_t (*crossEntropyWorkspace)(Z2Context*, int64_t N, int64_t V);
  size_t (*squaredNormWorkspace)(Z2Context*, int64_t n);

  Z2Status (*embeddingForward)(Z2Context*, const Z2EmbeddingForward*);
  Z2Status (*embeddingBackward)(Z2Context*, const Z2EmbeddingBackward*);
  Z2Status (*rmsNormForward)(Z2Context*, const Z2RmsNormForward*);
  Z2Status (*rmsNormBackward)(Z2Context*, const Z2RmsNormBackward*);
  Z2Status (*rope)(Z2Context*, const Z2Rope*);
  Z2Status (*attentionForward)(Z2Context*, const Z2AttentionForward*);
  Z2Status (*attentionBackward)(Z2Context*, const Z2AttentionBackward*);
  Z2Status (*attentionCached)(Z2Context*, const Z2AttentionCached*);
  Z2Status (*swigluForward)(Z2Context*, const Z2SwigluForward*);
  Z2Status (*swigluBackward)(Z2Context*, const Z2SwigluBackward*);
  Z2Status (*matmul)(Z2Context*, const Z2Matmul*);
  Z2Status (*biasBackward)(Z2Context*, const Z2BiasBackward*);
  Z2Status (*crossEntropy)(Z2Context*, const Z2CrossEntropy*);
  Z2Status (*squaredNorm)(Z2Context*, const Z2SquaredNorm*);
  Z2Status (*adamw)(Z2Context*, const Z2AdamW*);
  Z2Status (*convert)(Z2Context*, const Z2Convert*);
  Z2Status (*add)(Z2Context*, const Z2Add*);
  Z2Status (*dropout)(Z2Context*, const Z2DropoutApply*);

  /* Between beginRecording and endRecording operations are recorded and not run; waiting, copies to
   * or from the host and shapes never met before are not allowed there. A replay runs them with the
   * same arguments on what memory holds by then, and gives the same bits as the calls would. */
  Z2Status (*beginRecording)(Z2Context*);
  Z2Status (*endRecording)(Z2Context*, Z2Recording** out); /* null when it fails */
  Z2Status (*replay)(Z2Context*, Z2Recording*);
  Z2Status (*releaseRecording)(Z2Context*, Z2Recording*);

  Z2Status (*copyBlock)(Z2Context*, const Z2CopyBlock*);
  Z2Status (*quantise)(Z2Context*, const Z2Quantise*);
  Z2Status (*matmulFp8)(Z2Context*, const Z2MatmulFp8*);

  size_t (*rowLinearWorkspace)(Z2Context*, const Z2RowLinear* shape);
  size_t (*attentionStepWorkspace)(Z2Context*, const Z2AttentionStep* shape);
  Z2Status (*rowLinear)(Z2Context*, const Z2RowLinear*);
  Z2Status (*attentionStep)(Z2Context*, const Z2AttentionStep*);
  Z2Status (*greedy)(Z2Context*, const Z2Greedy*);

  size_t (*decodeStepWorkspace)(Z2Context*, const Z2DecodeStep* shape);
  Z2Status (*decodeStep)(Z2Context*, const Z2DecodeStep*);

  /* A timeline, without waiting: spans follow each other, none lies in another or in a recording.
   * `name` is what profilers of the device show (NVTX on a GPU). takeSpans waits for the device,
   * writes the spans since the last call in their order, at most `room`, and forgets all. */
  Z2Status (*beginSpan)(Z2Context*, const char* name);
  Z2Status (*endSpan)(Z2Context*);
  Z2Status (*takeSpans)(Z2Context*, Z2Span* out, int64_t room, int64_t* count);
} Z2Ops;

/* What a plug-in exports under the name "z2OpenOps": fills `out` for device number `device` of this
 * machine, or returns a status and writes why into `reason`. `out` lives as long as the process. */
typedef Z2Status (*Z2OpenOps)(int32_t device, const Z2Ops** out, char* reason, size_t reasonSize);

#ifdef __cplusplus
}
#endif
#endif
