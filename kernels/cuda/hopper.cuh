#pragma once

// Hopper's own instructions as the kernels use them: bulk copies that complete on a barrier in
// shared memory, and wgmma on tiles of 64 rows. For compute capability 9.0a; the host asks before.
//
// A tile is [64 rows, D] of 16-bit elements in panels of 64 columns: a panel's row is 128 bytes,
// and its 16-byte chunks are swizzled (chunk c of row r lies at c ^ (r % 8)), as both the copies
// and wgmma know it. Tiles start at multiples of 1024 bytes.
// Source: PTX ISA 9.0, "Asynchronous warpgroup level matrix instructions", "cp.async.bulk.tensor".

#include <cstdint>

#include <cuda.h>

#include "kernels/cuda/element.cuh"

namespace z2::cuda::hopper {

// Whether what is compiled is for a chip that has these instructions; a bundle is for others too.
#ifdef __CUDA_ARCH_FEAT_SM90_ALL
constexpr bool kIsHere = true;
#else
constexpr bool kIsHere = false;
#endif

constexpr int kTileRows = 64;
constexpr uint32_t kPanelBytes = kTileRows * 128;

__device__ __forceinline__ uint32_t sharedAddress(const void* pointer) {
  return static_cast<uint32_t>(__cvta_generic_to_shared(pointer));
}

// ---- Barriers: a phase ends when `arrivals` have come and the bytes that were promised.

__device__ __forceinline__ void initBarrier(uint64_t* barrier, uint32_t arrivals) {
  asm volatile("mbarrier.init.shared::cta.b64 [%0], %1;" ::"r"(sharedAddress(barrier)),
               "r"(arrivals));
}

// After the inits, before anyone else or the copy engine uses the barriers (then __syncthreads).
__device__ __forceinline__ void publishBarriers() {
  asm volatile("fence.mbarrier_init.release.cluster;" ::: "memory");
  asm volatile("fence.proxy.async.shared::cta;" ::: "memory");
}

__device__ __forceinline__ void arrive(uint64_t* barrier) {
  asm volatile("mbarrier.arrive.shared::cta.b64 _, [%0];" ::"r"(sharedAddress(barrier)) : "memory");
}

__device__ __forceinline__ void arriveAndExpect(uint64_t* barrier, uint32_t bytes) {
  asm volatile("mbarrier.arrive.expect_tx.shared::cta.b64 _, [%0], %1;" ::"r"(
                   sharedAddress(barrier)),
               "r"(bytes)
               : "memory");
}

__device__ __forceinline__ void wait(uint64_t* barrier, uint32_t parity) {
  asm volatile(
      "{\n"
      ".reg .pred done;\n"
      "again:\n"
      "mbarrier.try_wait.parity.shared::cta.b64 done, [%0], %1;\n"
      "@done bra out;\n"
      "bra again;\n"
      "out:\n"
      "}\n" ::"r"(sharedAddress(barrier)),
      "r"(parity)
      : "memory");
}

// Whether the phase of that parity is over.
__device__ __forceinline__ bool isOver(uint64_t* barrier, uint32_t parity) {
  uint32_t over = 0;
  asm volatile(
      "{\n"
      ".reg .pred done;\n"
      "mbarrier.test_wait.parity.shared::cta.b64 done, [%1], %2;\n"
      "selp.u32 %0, 1, 0, done;\n"
      "}\n"
      : "=r"(over)
      : "r"(sharedAddress(barrier)), "r"(parity)
      : "memory");
  return over != 0;
}

// A ring of stages: where one is, and the parity of its next phase.
template <int kStages>
struct Ring {
  int stage = 0;
  uint32_t parity = 0;
  __device__ __forceinline__ void next() {
    if (++stage == kStages) stage = 0, parity ^= 1;
  }
};

// ---- Bulk copies into shared memory, issued by one thread.

__device__ __forceinline__ void copyBox(void* to, const CUtensorMap* map, uint64_t* barrier, int c0,
                                        int c1, int c2, int c3) {
  asm volatile(
      "cp.async.bulk.tensor.4d.shared::cluster.global.tile.mbarrier::complete_tx::bytes"
      " [%0], [%1, {%3, %4, %5, %6}], [%2];" ::"r"(sharedAddress(to)),
      "l"(map), "r"(sharedAddress(barrier)), "r"(c0), "r"(c1), "r"(c2), "r"(c3)
      : "memory");
}

// `bytes` and both addresses are multiples of 16.
__device__ __forceinline__ void copyBytes(void* to, const void* from, uint32_t bytes,
                                          uint64_t* barrier) {
  asm volatile(
      "cp.async.bulk.shared::cluster.global.mbarrier::complete_tx::bytes [%0], [%1], %2, [%3];" ::
          "r"(sharedAddress(to)),
      "l"(from), "r"(bytes), "r"(sharedAddress(barrier))
      : "memory");
}

// Towards later copies; addresses and bytes as theirs.
__device__ __forceinline__ void bringToL2(const void* from, uint32_t bytes) {
  asm volatile("cp.async.bulk.prefetch.L2.global [%0], %1;" ::"l"(from), "r"(bytes) : "memory");
}

// ---- wgmma: 128 threads, an accumulator of [64, 64] in fp32 as 32 registers a thread.
// Thread t holds rows t / 32 * 16 + t % 32 / 4 and that + 8; register 4 j + i column
// 8 j + t % 4 * 2 + i % 2 of the first (i < 2) or second row.

__device__ __forceinline__ void beginProducts() {
  asm volatile("wgmma.fence.sync.aligned;" ::: "memory");
}
__device__ __forceinline__ void commitProducts() {
  asm volatile("wgmma.commit_group.sync.aligned;" ::: "memory");
}
// Waits until at most `kPending` groups of products are not finished.
template <int kPending>
__device__ __forceinline__ void awaitProducts() {
  asm volatile("wgmma.wait_group.sync.aligned %0;" ::"n"(kPending) : "memory");
}
// The registers have the value that the products gave them only from here on.
template <int N>
__device__ __forceinline__ void settle(float (&x)[N]) {
#pragma unroll
  for (int i = 0; i < N; ++i) asm volatile("" : "+f"(x[i])::"memory");
}

// Describes a swizzled panel at an address of shared memory: groups of 8 rows are 1024 bytes apart.
__device__ __forceinline__ uint64_t describe(uint32_t address) {
  return (uint64_t{1} << 62) | (uint64_t{64} << 32) | (uint64_t{1} << 16) |
         ((address & 0x3FFFF) >> 4);
}

// Where 16 columns of a tile begin, read along its rows.
__device__ __forceinline__ uint64_t columnsOf(uint32_t tile, int step) {
  return describe(tile + step / 4 * kPanelBytes + step % 4 * 32);
}
// Where 16 rows of a panel of a tile begin, read across its rows.
__device__ __forceinline__ uint64_t rowsOf(uint32_t tile, int panel, int step) {
  return describe(tile + panel * kPanelBytes + step * 16 * 128);
}

#define Z2_ACCUMULATOR(d)                                                                          \
  "+f"(d[0]), "+f"(d[1]), "+f"(d[2]), "+f"(d[3]), "+f"(d[4]), "+f"(d[5]), "+f"(d[6]), "+f"(d[7]),   \
      "+f"(d[8]), "+f"(d[9]), "+f"(d[10]), "+f"(d[11]), "+f"(d[12]), "+f"(d[13]), "+f"(d[14]),      \
      "+f"(d[15]), "+f"(d[16]), "+f"(d[17]), "+f"(d[18]), "+f"(d[19]), "+f"(d[20]), "+f"(d[21]),    \
      "+f"(d[22]), "+f"(d[23]), "+f"(d[24]), "+f"(d[25]), "+f"(d[26]), "+f"(d[27]), "+f"(d[28]),    \
      "+f"(d[29]), "+f"(d[30]), "+f"(d[31])
#define Z2_REGISTERS                                                                           \
  "{%0, %1, %2, %3, %4, %5, %6, %7, %8, %9, %10, %11, %12, %13, %14, %15, %16, %17, %18, %19, " \
  "%20, %21, %22, %23, %24, %25, %26, %27, %28, %29, %30, %31}"

// d = a b^T (+ d when adds), a [64, 16] and b [64, 16] both read along rows from shared memory.
#define Z2_PRODUCT_SHARED(type, d, a, b, adds)                                             \
  asm volatile(                                                                            \
      "{\n.reg .pred p;\nsetp.ne.b32 p, %34, 0;\n"                                         \
      "wgmma.mma_async.sync.aligned.m64n64k16.f32." type "." type " " Z2_REGISTERS         \
      ", %32, %33, p, 1, 1, 0, 0;\n}\n"                                                    \
      : Z2_ACCUMULATOR(d)                                                                  \
      : "l"(a), "l"(b), "r"(adds))
// The same with a in registers: four pairs of elements a thread, laid out as the accumulator's.
// across 1: b is [16, 64], read across its rows.
#define Z2_PRODUCT_REGISTERS(type, d, a, b, adds, across)                                  \
  asm volatile(                                                                            \
      "{\n.reg .pred p;\nsetp.ne.b32 p, %37, 0;\n"                                         \
      "wgmma.mma_async.sync.aligned.m64n64k16.f32." type "." type " " Z2_REGISTERS         \
      ", {%32, %33, %34, %35}, %36, p, 1, 1, " across ";\n}\n"                             \
      : Z2_ACCUMULATOR(d)                                                                  \
      : "r"((a)[0]), "r"((a)[1]), "r"((a)[2]), "r"((a)[3]), "l"(b), "r"(adds))

template <typename T>
__device__ __forceinline__ void product(float (&d)[32], uint64_t a, uint64_t b, int adds) {
  if constexpr (std::is_same_v<T, __half>) Z2_PRODUCT_SHARED("f16", d, a, b, adds);
  else Z2_PRODUCT_SHARED("bf16", d, a, b, adds);
}
template <typename T>
__device__ __forceinline__ void product(float (&d)[32], const uint32_t* a, uint64_t b, int adds) {
  if constexpr (std::is_same_v<T, __half>) Z2_PRODUCT_REGISTERS("f16", d, a, b, adds, "0");
  else Z2_PRODUCT_REGISTERS("bf16", d, a, b, adds, "0");
}
template <typename T>
__device__ __forceinline__ void productAcross(float (&d)[32], const uint32_t* a, uint64_t b) {
  if constexpr (std::is_same_v<T, __half>) Z2_PRODUCT_REGISTERS("f16", d, a, b, 1, "1");
  else Z2_PRODUCT_REGISTERS("bf16", d, a, b, 1, "1");
}

// ---- Registers of a warpgroup: the copying one gives some to those that compute.

template <int kRegisters>
__device__ __forceinline__ void takeRegisters() {
  asm volatile("setmaxnreg.inc.sync.aligned.u32 %0;" ::"n"(kRegisters));
}
template <int kRegisters>
__device__ __forceinline__ void giveRegisters() {
  asm volatile("setmaxnreg.dec.sync.aligned.u32 %0;" ::"n"(kRegisters));
}

template <typename T>
__device__ __forceinline__ uint32_t pack(float low, float high) {
  uint32_t pair;
  if constexpr (std::is_same_v<T, __half>)
    asm("cvt.rn.f16x2.f32 %0, %1, %2;" : "=r"(pair) : "f"(high), "f"(low));
  else
    asm("cvt.rn.bf16x2.f32 %0, %1, %2;" : "=r"(pair) : "f"(high), "f"(low));
  return pair;
}

// The four 8 × 8 matrices at `address` of each quarter of the warp.
__device__ __forceinline__ void loadMatrices(uint32_t (&to)[4], uint32_t address) {
  asm volatile("ldmatrix.sync.aligned.m8n8.x4.shared.b16 {%0, %1, %2, %3}, [%4];"
               : "=r"(to[0]), "=r"(to[1]), "=r"(to[2]), "=r"(to[3])
               : "r"(address));
}

}  // namespace z2::cuda::hopper
