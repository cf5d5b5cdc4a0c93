// Matmul (cuda/matmuls.cpp) and the gradient of a bias.

#include "kernels/cuda/element.cuh"
#include "kernels/cuda/launchers.h"
#include "kernels/cuda/matmuls.h"

namespace z2::cuda {

namespace {

// dBias partial sums: a block takes 32 columns × a fixed slice of the rows.
constexpr int kBiasSlices = 64;

template <typename T>
__global__ void biasPartial(Z2BiasBackward p, float* partial) {
  __shared__ float sums[8][33];
  const int64_t n = static_cast<int64_t>(blockIdx.x) * 32 + threadIdx.x;
  const int64_t slice = (p.M + kBiasSlices - 1) / kBiasSlices;
  const int64_t begin = blockIdx.y * slice, end = min(p.M, begin + slice);
  float sum = 0.f;
  if (n < p.N)
    for (int64_t m = begin + threadIdx.y; m < end; m += 8)
      sum += toFloat(static_cast<const T*>(p.dOut)[m * p.N + n]);
  sums[threadIdx.y][threadIdx.x] = sum;
  __syncthreads();
  if (threadIdx.y != 0 || n >= p.N) return;
  sum = 0.f;
  for (int i = 0; i < 8; ++i) sum += sums[i][threadIdx.x];
  partial[blockIdx.y * p.N + n] = sum;
}

__global__ void biasTotal(float* dBias, const float* partial, int64_t N) {
  const int64_t n = static_cast<int64_t>(blockIdx.x) * blockDim.x + threadIdx.x;
  if (n >= N) return;
  float sum = 0.f;
  for (int slice = 0; slice < kBiasSlices; ++slice) sum += partial[slice * N + n];
  dBias[n] += sum;
}

}  // namespace

Z2Status matmul(Z2Context* context, const Z2Matmul* p) {
  if (p->M <= 0 || p->N <= 0) return Z2_OK;
  return context->matmuls->run(context, *p);
}

size_t biasBackwardWorkspace(Z2Context*, int64_t, int64_t N) {
  return static_cast<size_t>(kBiasSlices * N) * sizeof(float);
}

Z2Status biasBackward(Z2Context* context, const Z2BiasBackward* p) {
  if (p->M <= 0 || p->N <= 0) return Z2_OK;
  auto* partial = static_cast<float*>(p->workspace);
  auto byType = [&]<typename T>() {
    const dim3 blocks(static_cast<unsigned>(divideUp(p->N, 32)), kBiasSlices);
    biasPartial<T><<<blocks, dim3(32, 8), 0, context->stream>>>(*p, partial);
    biasTotal<<<static_cast<unsigned>(divideUp(p->N, 256)), 256, 0, context->stream>>>(
        p->dBias, partial, p->N);
    return check(context, cudaGetLastError(), "biasBackward");
  };
  return Z2_BY_TYPE(context, p->type, byType);
}

}  // namespace z2::cuda
