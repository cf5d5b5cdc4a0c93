#pragma once

// Results written as codes of 8 bits, both ways, by the kernel that makes them (kernels/fp8.h). A
// block makes a tile of the result; its threads make patches of kPatchRows × kPatchColumns. An
// operation brings a source:
//
//   struct Source {
//     static constexpr int kTileRows;
//     struct Read;                                  // what a patch needs, on its way from memory
//     void fetch(Read&, int64_t row, int64_t column, int rows) const;    // of its first element
//     void make(const Read&, int r, float (&x)[kPatchColumns]) const;    // row r of the patch
//   };

#include <algorithm>
#include <cstdint>

#include <cuda_fp8.h>

#include "kernels/cuda/device.h"
#include "kernels/cuda/element.cuh"
#include "kernels/fp8.h"

namespace z2::cuda {

constexpr int kCodeThreads = 256;
constexpr int kTileColumns = 64;
constexpr int kPatchRows = 4;
constexpr int kPatchColumns = 8;  // elements of 16 bits in 16 bytes
constexpr int kPatchesAcross = kTileColumns / kPatchColumns;

// The scale for a greatest magnitude of these bits. Both formats' greatest numbers are 1.75 × a
// power of two.
template <Z2DType kCode>
__device__ __forceinline__ float scaleFor(int amax) {
  constexpr int kGreatest = kCode == Z2_E4M3 ? 8 : 15, kStep = kCode == Z2_E4M3 ? 2 : 4;
  constexpr int kInfinity = 0x7F800000, kThreeQuarters = 0x600000, kLeast = -124;
  if (amax >= kInfinity) return __int_as_float(0x7FC00000);
  if (amax == 0) return 1.f;
  const int exponent =
      (amax >> 23) - 127 - kGreatest + ((amax & 0x7FFFFF) > kThreeQuarters ? 1 : 0);
  const int rounded = (exponent + kStep - 1) & ~(kStep - 1);
  return __int_as_float((max(rounded, kLeast) + 127) << 23);
}

template <Z2DType kCode>
__device__ __forceinline__ uint32_t encode(const float* x, float factor) {
  constexpr auto kFormat = kCode == Z2_E4M3 ? __NV_E4M3 : __NV_E5M2;
  const auto pair = [&](int i) {
    return static_cast<uint32_t>(__nv_cvt_float2_to_fp8x2(
        make_float2(x[i] * factor, x[i + 1] * factor), __NV_SATFINITE, kFormat));
  };
  return pair(0) | pair(2) << 16;
}

// Which of the passes over a result a kernel is.
enum class CodePass {
  kKnown,   // the scale is there: the only one
  kTry,     // with the last result's scale; measures
  kSettle,  // with the right one, unless that was tried
};

// What x is multiplied with; isWanted: there is something to write. All threads, at the beginning.
struct CodeFactor {
  float factor;
  bool isWanted;
};

template <Z2DType kCode>
__device__ __forceinline__ CodeFactor codeFactor(Z2Scale* scale, CodePass pass) {
  if (pass == CodePass::kKnown) return {1.f / scale->scale, true};
  if (pass == CodePass::kTry) {
    const float guess = scale->scale > 0.f ? scale->scale : 1.f;
    if (blockIdx.x == 0 && threadIdx.x == 0) scale->tried = guess;
    return {1.f / guess, true};
  }
  const float right = scaleFor<kCode>(scale->amax);
  const bool isWanted = right != scale->tried;
  __syncthreads();
  // The last block to have read clears what is read; the counter starts again by itself.
  if (threadIdx.x == 0 && atomicInc(&scale->arrived, gridDim.x - 1) == gridDim.x - 1) {
    scale->scale = right;
    scale->amax = 0;
  }
  return {1.f / right, isWanted};
}

// All threads of the warp: what they have seen.
__device__ __forceinline__ void raise(Z2Scale* scale, int most) {
  most = __reduce_max_sync(~0u, most);
  if (threadIdx.x % 32 == 0 && most > *static_cast<volatile int*>(&scale->amax))
    atomicMax(&scale->amax, most);
}

// A patch's codes: four columns and four more, a word a row.
struct PatchCodes {
  uint32_t left[kPatchRows], right[kPatchRows];

  template <Z2DType kCode>
  __device__ __forceinline__ void set(int r, const float (&x)[kPatchColumns], float factor) {
    left[r] = encode<kCode>(x, factor), right[r] = encode<kCode>(x + 4, factor);
  }
};

// Byte j of the four words becomes word j.
__device__ __forceinline__ void transposeBytes(uint32_t (&x)[4]) {
  const uint32_t low01 = __byte_perm(x[0], x[1], 0x5140), high01 = __byte_perm(x[0], x[1], 0x7362);
  const uint32_t low23 = __byte_perm(x[2], x[3], 0x5140), high23 = __byte_perm(x[2], x[3], 0x7362);
  x[0] = __byte_perm(low01, low23, 0x5410);
  x[1] = __byte_perm(low01, low23, 0x7632);
  x[2] = __byte_perm(high01, high23, 0x5410);
  x[3] = __byte_perm(high01, high23, 0x7632);
}

// A thread's patch of a tile.
struct PatchPlace {
  int group, column;  // in the tile: the patch's number down and its first column
  int rows;           // that the tensor has of it; 0: it is outside

  __device__ PatchPlace(int index, int64_t firstRow, int64_t firstColumn, int64_t N, int64_t C)
      : group(index / kPatchesAcross), column(index % kPatchesAcross * kPatchColumns) {
    const int64_t left = N - firstRow - group * kPatchRows;
    rows = firstColumn + column >= C || left <= 0 ? 0
           : left < kPatchRows                    ? static_cast<int>(left)
                                                  : kPatchRows;
  }
};

// A tile's codes turned in shared memory: columns of kRows codes in words of four. Word w of a
// column lies at w ^ place(column), so that neither writing nor reading meets a bank twice.
template <int kRows>
struct alignas(16) Turned {
  uint32_t word[kTileColumns][kRows / 4];

  __device__ static int place(int column) { return column / kPatchColumns * 4; }

  __device__ __forceinline__ void put(const PatchPlace& place, PatchCodes patch) {
    transposeBytes(patch.left);
    transposeBytes(patch.right);
    const int to = place.group ^ Turned::place(place.column);
#pragma unroll
    for (int i = 0; i < 4; ++i) {
      word[place.column + i][to] = patch.left[i];
      word[place.column + 4 + i][to] = patch.right[i];
    }
  }
  // All threads, between barriers: to `transposed` [columns, N], the tile's first element at
  // (firstColumn, firstRow); `columns` of the tile are there.
  __device__ void write(void* transposed, int64_t N, int64_t firstRow, int64_t firstColumn,
                        int columns) const {
    constexpr int kPieces = kRows / 16;  // as many threads write a column
    const int64_t row = firstRow + threadIdx.x % kPieces * 16;
    if (row >= N) return;
    for (int column = threadIdx.x / kPieces; column < columns; column += kCodeThreads / kPieces) {
      const int piece = static_cast<int>(threadIdx.x) % kPieces ^ place(column) / 4;
      *reinterpret_cast<uint4*>(static_cast<char*>(transposed) + (firstColumn + column) * N + row) =
          reinterpret_cast<const uint4*>(word[column])[piece];
    }
  }
};

// Codes of a patch to rows of `stride`.
__device__ __forceinline__ void store(void* codes, int64_t row, int64_t column, int64_t stride,
                                      const PatchPlace& place, const PatchCodes& patch) {
#pragma unroll
  for (int r = 0; r < kPatchRows; ++r)
    if (r < place.rows)
      *reinterpret_cast<uint2*>(static_cast<char*>(codes) + (row + r) * stride + column) =
          make_uint2(patch.left[r], patch.right[r]);
}

// Tiles of kRows rows: across first.
template <int kRows>
struct Tiles {
  int across, count;
  __host__ __device__ Tiles(int64_t N, int64_t C)
      : across(static_cast<int>((C + kTileColumns - 1) / kTileColumns)),
        count(static_cast<int>((N + kRows - 1) / kRows) * across) {}
  __device__ int64_t rowOf(int tile) const { return static_cast<int64_t>(tile / across) * kRows; }
  __device__ int64_t columnOf(int tile) const {
    return static_cast<int64_t>(tile % across) * kTileColumns;
  }
};

__device__ __forceinline__ int columnsOf(int64_t firstColumn, int64_t C) {
  return C - firstColumn < kTileColumns ? static_cast<int>(C - firstColumn) : kTileColumns;
}

template <typename Source, Z2DType kCode>
__global__ void __launch_bounds__(kCodeThreads)
    codesKernel(Source source, Z2Codes to, int64_t N, int64_t C, CodePass pass) {
  constexpr int kRows = Source::kTileRows;
  constexpr int kPatches = kRows / kPatchRows * kPatchesAcross / kCodeThreads;
  __shared__ Turned<kRows> turned;
  const CodeFactor factor = codeFactor<kCode>(to.scale, pass);
  if (!factor.isWanted) return;
  const Tiles<kRows> tiles(N, C);
  int most = 0;
  for (int tile = blockIdx.x; tile < tiles.count; tile += gridDim.x) {
    const int64_t firstRow = tiles.rowOf(tile), firstColumn = tiles.columnOf(tile);
    const auto placeOf = [&](int patch) {
      return PatchPlace(static_cast<int>(threadIdx.x) + patch * kCodeThreads, firstRow, firstColumn,
                        N, C);
    };
    typename Source::Read read[kPatches];
#pragma unroll
    for (int patch = 0; patch < kPatches; ++patch) {
      const PatchPlace place = placeOf(patch);
      read[patch] = {};
      if (place.rows > 0)
        source.fetch(read[patch], firstRow + place.group * kPatchRows, firstColumn + place.column,
                     place.rows);
    }
#pragma unroll
    for (int patch = 0; patch < kPatches; ++patch) {
      const PatchPlace place = placeOf(patch);
      PatchCodes codes;
#pragma unroll
      for (int r = 0; r < kPatchRows; ++r) {
        float x[kPatchColumns];
        source.make(read[patch], r, x);
        most = greatest(most, x);
        codes.set<kCode>(r, x, factor.factor);
      }
      if (to.codes != nullptr)
        store(to.codes, firstRow + place.group * kPatchRows, firstColumn + place.column, C, place,
              codes);
      if (to.transposed != nullptr) turned.put(place, codes);
    }
    if (to.transposed == nullptr) continue;
    __syncthreads();
    turned.write(to.transposed, N, firstRow, firstColumn, columnsOf(firstColumn, C));
    __syncthreads();
  }
  if (pass == CodePass::kTry) raise(to.scale, most);
}

// The passes over a result of `tiles` tiles: launch(pass, blocks) starts one.
template <typename Launch>
Z2Status byPasses(Z2Context* context, bool isKnown, int tiles, const char* name, Launch launch) {
  // Blocks of the second pass mostly have nothing to do: no more than run at once.
  constexpr int kBlocksAMultiprocessor = 4;
  const auto blocks = static_cast<unsigned>(tiles);
  if (isKnown) {
    launch(CodePass::kKnown, blocks);
  } else {
    launch(CodePass::kTry, blocks);
    launch(CodePass::kSettle, std::min(blocks, static_cast<unsigned>(context->multiprocessors *
                                                                     kBlocksAMultiprocessor)));
  }
  return check(context, cudaGetLastError(), name);
}

// Calls body.template operator()<code>() with the codes' type.
template <typename Body>
Z2Status byCode(Z2Context* context, const Z2Codes& to, int64_t N, int64_t C, Body body) {
  if (C % 16 != 0 || (to.transposed != nullptr && N % 16 != 0))
    return fail(context, Z2_INVALID, "codes of 8 bits: sizes must be multiples of 16");
  return to.type == Z2_E4M3 ? body.template operator()<Z2_E4M3>()
                            : body.template operator()<Z2_E5M2>();
}

// Codes of what a source makes.
template <typename Source>
Z2Status writeCodes(Z2Context* context, const Source& source, const Z2Codes& to, int64_t N,
                    int64_t C, const char* name) {
  return byCode(context, to, N, C, [&]<Z2DType kCode>() {
    const int tiles = Tiles<Source::kTileRows>(N, C).count;
    return byPasses(context, to.isKnown != 0, tiles, name, [&](CodePass pass, unsigned blocks) {
      codesKernel<Source, kCode>
          <<<blocks, kCodeThreads, 0, context->stream>>>(source, to, N, C, pass);
    });
  });
}

// Calls body.template operator()<T>() with the type of 16 bits.
template <typename Body>
Z2Status byHalf(Z2Context* context, Z2DType type, Body body) {
  if (type == Z2_BF16) return body.template operator()<__nv_bfloat16>();
  if (type == Z2_F16) return body.template operator()<__half>();
  return fail(context, Z2_INVALID, "codes of 8 bits: what they are made of is of 16 bits");
}

}  // namespace z2::cuda
