// Codes of 8 bits of a tensor, and their products.

#include "kernels/cuda/codes.cuh"
#include "kernels/cuda/launchers.h"
#include "kernels/cuda/matmuls.h"

namespace z2::cuda {

namespace {

template <typename T>
struct TensorSource {
  static constexpr int kTileRows = 256;
  struct Read {
    Packed<T, kPatchColumns> row[kPatchRows];
  };
  const T* in;
  int64_t C;

  __device__ void fetch(Read& to, int64_t row, int64_t column, int rows) const {
#pragma unroll
    for (int r = 0; r < kPatchRows; ++r)
      if (r < rows) to.row[r].fetch(in + (row + r) * C + column);
  }
  __device__ void make(const Read& from, int r, float (&x)[kPatchColumns]) const {
    from.row[r].unpack(x);
  }
};

}  // namespace

Z2Status quantise(Z2Context* context, const Z2Quantise* p) {
  if (p->N <= 0 || p->C <= 0) return Z2_OK;
  return byHalf(context, p->type, [&]<typename T>() {
    return writeCodes(context, TensorSource<T>{static_cast<const T*>(p->in), p->C}, p->out, p->N,
                      p->C, "quantise");
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
