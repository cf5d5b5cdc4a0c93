#ifndef Z2_KERNELS_TENSOR_H_
#define Z2_KERNELS_TENSOR_H_

/* What all operations share. Plain C, because the CUDA plug-in may be built by another compiler.
 *
 * Conventions of every operation:
 *  - Tensors are raw pointers to dense row-major memory on the device that the table belongs to,
 *    aligned to 64 bytes; the caller owns them. Shapes are written [rows, columns] beside a field.
 *  - Work is put on the context's stream in the order of the calls; nothing waits for it but
 *    `synchronize` and the copies to the host.
 *  - Nothing is allocated: scratch memory is a field, its size comes from the operation's
 *    `...Workspace` function.
 *  - The same inputs give the same bits, whatever ran before.
 *  - Gradients of weights are accumulated in fp32 (`+=`); gradients of activations are written
 *    (`=`), unless a field says otherwise.
 *  - They return Z2_OK or a status; `lastError` of the table then tells what was wrong, in words.
 *  - A context is used by one thread at a time.
 */

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef enum Z2Status {
  Z2_OK = 0,
  Z2_INVALID = 1,     /* a shape, type or alignment that the operation does not take */
  Z2_NO_MEMORY = 2,   /* the device is out of memory */
  Z2_FAILED = 3       /* the device or a library failed */
} Z2Status;

/* Element types; the values of z2::DType (core/base/dtype.h). */
typedef int32_t Z2DType;
enum { Z2_F32 = 0, Z2_BF16 = 1, Z2_F16 = 2 };
/* Codes of 8 bits, only where an operation says so (kernels/fp8.h). */
enum { Z2_E4M3 = 3, Z2_E5M2 = 4 };

/* Device, stream, thread pool, library handles: what an implementation needs. Opaque. */
typedef struct Z2Context Z2Context;

/* Dropout without a stored mask: element i of the tensor is kept when philox(seed, stream, i),
 * a number in [0, 1), is >= probability, and then scaled by 1 / (1 - probability). `stream` tells
 * step, layer and place apart, so backward draws the same mask again. probability 0 switches it
 * off. Source: Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", 2011 (Philox4x32-10,
 * counter = {i / 4 low, i / 4 high, stream low, stream high}, key = seed; word i % 4,
 * its upper 24 bits / 2^24). */
typedef struct Z2Dropout {
  float probability;
  uint64_t seed;
  uint64_t stream;
} Z2Dropout;

#ifdef __cplusplus
}
#endif
#endif
