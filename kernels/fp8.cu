// Codes of 8 bits: the greatest magnitude, and codes in both directions in one pass over a tensor.

#include <algorithm>
#include <cfloat>

#include <cuda_fp8.h>

#include "kernels/cuda/element.cuh"
#include "kernels/cuda/launchers.h"
#include "kernels/cuda/matmuls.h"

namespace z2::cuda {

namespace {

constexpr int kThreads = 256;
constexpr int kWidth8 = 8;  // elements of 16 bits in 16 bytes

template <typename T>
__device__ __forceinline__ int greatestAt(const T* in) {
  float x[kWidth8];
  load<kWidth8>(in, x);
  return greatest(0, x);
}

template <typename T>
__global__ void __launch_bounds__(kThreads) amaxKernel(Z2Amax p) {
  constexpr int kLoads = 4;
  const T* in = static_cast<const T*>(p.in);
  const int64_t packs = p.n / kWidth8, stride = static_cast<int64_t>(gridDim.x) * kThreads;
  int most = 0;
  int64_t pack = static_cast<int64_t>(blockIdx.x) * kThreads + threadIdx.x;
  for (; pack + (kLoads - 1) * stride < packs; pack += kLoads * stride) {
    int own[kLoads];
#pragma unroll
    for (int i = 0; i < kLoads; ++i) own[i] = greatestAt(in + (pack + i * stride) * kWidth8);
#pragma unroll
    for (int i = 0; i < kLoads; ++i) most = max(most, own[i]);
  }
  for (; pack < packs; pack += stride) most = max(most, greatestAt(in + pack * kWidth8));
  const int64_t last = packs * kWidth8 + threadIdx.x;
  if (blockIdx.x == 0 && last < p.n) most = max(most, magnitude(toFloat(in[last])));
  raise<T>(p.amax, most);
}

// Of a tile: a transposed row of codes is written in pieces of 256 bytes, codes as they lie of 64.
constexpr int kTileRows = 256;
constexpr int kTileColumns = 64;
constexpr int kRows = 4;                            // of a thread's patch of kRows × kWidth8
constexpr int kPatchesAcross = kTileColumns / kWidth8;
constexpr int kPatches = kTileRows / kRows * kPatchesAcross / kThreads;

template <Z2DType kCode>
__device__ __forceinline__ uint32_t encode(const float* x, float factor) {
  constexpr auto kFormat = kCode == Z2_E4M3 ? __NV_E4M3 : __NV_E5M2;
  const auto pair = [&](int i) {
    return static_cast<uint32_t>(__nv_cvt_float2_to_fp8x2(
        make_float2(x[i] * factor, x[i + 1] * factor), __NV_SATFINITE, kFormat));
  };
  return pair(0) | pair(2) << 16;
}

// Byte j of the four words becomes word j.
__device__ __forceinline__ void transposeBytes(uint32_t (&x)[4]) {
  const uint32_t low01 = __byte_perm(x[0], x[1], 0x5140), high01 = __byte_perm(x[0], x[1], 0x7362);
  const uint32_t low23 = __byte_perm(x[2], x[3], 0x5140), high23 = __byte_perm(x[2], x[3], 0x7362);
  x[0] = __byte_perm(low01, low23, 0x5410);
  x[1] = __byte_perm(low01, low23, 0x7632);
  x[2] = __byte_perm(high01, high23, 0x5410);
  x[3] = __byte_perm(high01, high23, 0x7632);
}

// A tile turned in shared memory: columns of kTileRows codes in words of four. Word w of a column
// lies at w ^ place(column), so that neither writing nor reading meets a bank twice.
struct Turned {
  uint32_t word[kTileColumns][kTileRows / 4];
  __device__ static int place(int column) { return column / kWidth8 * 4; }
};

// The thread's patches of the tile: codes as they lie, and turned.
template <typename T, Z2DType kCode>
__device__ __forceinline__ void encodeTile(const Z2Quantise& p, Turned& turned, float factor,
                                           int64_t firstRow, int64_t firstColumn) {
  Vector<T, kWidth8> in[kPatches][kRows];
#pragma unroll
  for (int patch = 0; patch < kPatches; ++patch) {
    const int index = static_cast<int>(threadIdx.x) + patch * kThreads;
    const int64_t column = firstColumn + index % kPatchesAcross * kWidth8;
    const int64_t row = firstRow + index / kPatchesAcross * kRows;
#pragma unroll
    for (int r = 0; r < kRows; ++r) {
      in[patch][r] = {};
      if (row + r < p.N && column < p.C)
        in[patch][r] = *reinterpret_cast<const Vector<T, kWidth8>*>(static_cast<const T*>(p.in) +
                                                                    (row + r) * p.C + column);
    }
  }
#pragma unroll
  for (int patch = 0; patch < kPatches; ++patch) {
    const int index = static_cast<int>(threadIdx.x) + patch * kThreads;
    const int group = index / kPatchesAcross, place = index % kPatchesAcross * kWidth8;
    const int64_t column = firstColumn + place, row = firstRow + group * kRows;
    uint32_t left[kRows], right[kRows];
#pragma unroll
    for (int r = 0; r < kRows; ++r) {
      float x[kWidth8];
#pragma unroll
      for (int i = 0; i < kWidth8; ++i) x[i] = toFloat(in[patch][r].at[i]);
      left[r] = encode<kCode>(x, factor), right[r] = encode<kCode>(x + 4, factor);
      if (p.codes != nullptr && row + r < p.N && column < p.C)
        *reinterpret_cast<uint2*>(static_cast<char*>(p.codes) + (row + r) * p.C + column) =
            make_uint2(left[r], right[r]);
    }
    if (p.transposed == nullptr) continue;
    transposeBytes(left);
    transposeBytes(right);
#pragma unroll
    for (int i = 0; i < 4; ++i) {
      turned.word[place + i][group ^ Turned::place(place)] = left[i];
      turned.word[place + 4 + i][group ^ Turned::place(place)] = right[i];
    }
  }
}

template <typename T, Z2DType kCode>
__global__ void __launch_bounds__(kThreads) quantiseKernel(Z2Quantise p) {
  __shared__ alignas(16) Turned turned;
  constexpr float kMost = kCode == Z2_E4M3 ? 448.f : 57344.f;
  const float amax = *p.amax;
  const bool isScaled = amax > 0.f;
  if (blockIdx.x == 0 && blockIdx.y == 0 && threadIdx.x == 0)
    *p.scale = isScaled ? amax / kMost : 1.f;
  const int64_t firstColumn = static_cast<int64_t>(blockIdx.x) * kTileColumns;
  const int64_t firstRow = static_cast<int64_t>(blockIdx.y) * kTileRows;
  const float factor = isScaled ? fminf(kMost / amax, FLT_MAX) : 1.f;
  encodeTile<T, kCode>(p, turned, factor, firstRow, firstColumn);
  if (p.transposed == nullptr) return;
  __syncthreads();
  // As many threads as a column of codes has pieces of 16 write it.
  constexpr int kPieces = kTileRows / 16;
  for (int column = threadIdx.x / kPieces; column < kTileColumns; column += kThreads / kPieces) {
    const int64_t row = firstRow + threadIdx.x % kPieces * 16;
    if (firstColumn + column >= p.C || row >= p.N) continue;
    const int piece = static_cast<int>(threadIdx.x) % kPieces ^ Turned::place(column) / 4;
    *reinterpret_cast<uint4*>(static_cast<char*>(p.transposed) + (firstColumn + column) * p.N +
                              row) = reinterpret_cast<const uint4*>(turned.word[column])[piece];
  }
}

// Calls body.template operator()<T>() with the type of 16 bits.
template <typename Body>
Z2Status byHalf(Z2Context* context, Z2DType type, Body body) {
  if (type == Z2_BF16) return body.template operator()<__nv_bfloat16>();
  if (type == Z2_F16) return body.template operator()<__half>();
  return fail(context, Z2_INVALID, "fp8: what is quantised is of 16 bits");
}

}  // namespace

Z2Status amax(Z2Context* context, const Z2Amax* p) {
  if (p->n <= 0) return Z2_OK;
  constexpr int64_t kBlocksAMultiprocessor = 8;
  const int64_t wanted = divideUp(p->n, kThreads * kWidth8 * 4);
  const auto blocks = static_cast<unsigned>(
      std::min<int64_t>(wanted, context->multiprocessors * kBlocksAMultiprocessor));
  auto byType = [&]<typename T>() {
    amaxKernel<T><<<blocks, kThreads, 0, context->stream>>>(*p);
    return check(context, cudaGetLastError(), "amax");
  };
  return Z2_BY_TYPE(context, p->type, byType);
}

Z2Status quantise(Z2Context* context, const Z2Quantise* p) {
  if (p->N <= 0 || p->C <= 0) return Z2_OK;
  if (p->C % 16 != 0 || (p->transposed != nullptr && p->N % 16 != 0))
    return fail(context, Z2_INVALID, "quantise: sizes must be multiples of 16");
  const dim3 blocks(static_cast<unsigned>(divideUp(p->C, kTileColumns)),
                    static_cast<unsigned>(divideUp(p->N, kTileRows)));
  return byHalf(context, p->type, [&]<typename T>() {
    if (p->codeType == Z2_E4M3)
      quantiseKernel<T, Z2_E4M3><<<blocks, kThreads, 0, context->stream>>>(*p);
    else
      quantiseKernel<T, Z2_E5M2><<<blocks, kThreads, 0, context->stream>>>(*p);
    return check(context, cudaGetLastError(), "quantise");
  });
}

Z2Status matmulFp8(Z2Context* context, const Z2MatmulFp8* p) {
  if (p->M <= 0 || p->N <= 0) return Z2_OK;
  if (!context->hasFp8)
    return fail(context, Z2_INVALID,
                "this GPU has no products of 8-bit floats: compute capability 8.9 is needed");
  return context->matmuls->run(context, *p);
}

}  // namespace z2::cuda
