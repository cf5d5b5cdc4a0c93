// Embedding. Backward must add the rows of a repeated token in one fixed order: the positions are
// sorted by token (CUB's radix sort is stable), and one block adds each token's run.

#include <cub/device/device_radix_sort.cuh>

#include "kernels/cuda/element.cuh"
#include "kernels/cuda/launchers.h"

namespace z2::cuda {

namespace {

constexpr int kThreads = 256;
constexpr size_t kAlignment = 256;

size_t aligned(size_t bytes) { return (bytes + kAlignment - 1) / kAlignment * kAlignment; }

template <typename Out, typename T>
__global__ void gather(Z2EmbeddingForward p) {
  const int64_t token = p.tokens[blockIdx.x];
  const T* from = static_cast<const T*>(p.table) + token * p.C;
  Out* to = static_cast<Out*>(p.out) + static_cast<int64_t>(blockIdx.x) * p.C;
  if (p.C % 4 == 0) {
    for (int64_t c = threadIdx.x * 4; c < p.C; c += kThreads * 4) {
      float x[4];
      load<4>(from + c, x);
      store<4>(to + c, x);
    }
    return;
  }
  for (int64_t c = threadIdx.x; c < p.C; c += kThreads) to[c] = fromFloat<Out>(toFloat(from[c]));
}

__global__ void fillPositions(int32_t* positions, int64_t N) {
  const int64_t n = static_cast<int64_t>(blockIdx.x) * kThreads + threadIdx.x;
  if (n < N) positions[n] = static_cast<int32_t>(n);
}

// Block n does something when the run of a token begins at sorted place n.
template <typename T>
__global__ void addRuns(Z2EmbeddingBackward p, const int32_t* tokens, const int32_t* positions) {
  const int64_t begin = blockIdx.x;
  const int32_t token = tokens[begin];
  if (begin > 0 && tokens[begin - 1] == token) return;
  for (int64_t c = threadIdx.x; c < p.C; c += kThreads) {
    float sum = 0.f;
    for (int64_t n = begin; n < p.N && tokens[n] == token; ++n)
      sum += toFloat(static_cast<const T*>(p.dOut)[positions[n] * p.C + c]);
    p.dTable[token * p.C + c] += sum;
  }
}

size_t sortBytes(int64_t N) {
  size_t bytes = 0;
  cub::DeviceRadixSort::SortPairs(nullptr, bytes, static_cast<const int32_t*>(nullptr),
                                  static_cast<int32_t*>(nullptr),
                                  static_cast<const int32_t*>(nullptr),
                                  static_cast<int32_t*>(nullptr), static_cast<int>(N));
  return bytes;
}

}  // namespace

Z2Status embeddingForward(Z2Context* context, const Z2EmbeddingForward* p) {
  if (p->N <= 0) return Z2_OK;
  auto byOut = [&]<typename Out>() {
    auto byTable = [&]<typename T>() {
      gather<Out, T><<<static_cast<unsigned>(p->N), kThreads, 0, context->stream>>>(*p);
      return check(context, cudaGetLastError(), "embeddingForward");
    };
    return Z2_BY_TYPE(context, p->tableType, byTable);
  };
  return Z2_BY_TYPE(context, p->outType, byOut);
}

size_t embeddingBackwardWorkspace(Z2Context*, int64_t N, int64_t) {
  return 3 * aligned(static_cast<size_t>(N) * sizeof(int32_t)) + aligned(sortBytes(N));
}

Z2Status embeddingBackward(Z2Context* context, const Z2EmbeddingBackward* p) {
  if (p->N <= 0) return Z2_OK;
  const size_t list = aligned(static_cast<size_t>(p->N) * sizeof(int32_t));
  auto* base = static_cast<char*>(p->workspace);
  auto* tokens = reinterpret_cast<int32_t*>(base);
  auto* unsorted = reinterpret_cast<int32_t*>(base + list);
  auto* positions = reinterpret_cast<int32_t*>(base + 2 * list);
  size_t bytes = sortBytes(p->N);
  fillPositions<<<static_cast<unsigned>(divideUp(p->N, kThreads)), kThreads, 0,
                  context->stream>>>(unsorted, p->N);
  const cudaError_t sorted = cub::DeviceRadixSort::SortPairs(
      base + 3 * list, bytes, p->tokens, tokens, unsorted, positions, static_cast<int>(p->N), 0, 32,
      context->stream);
  if (sorted != cudaSuccess) return check(context, sorted, "embeddingBackward");
  auto byType = [&]<typename T>() {
    addRuns<T><<<static_cast<unsigned>(p->N), kThreads, 0, context->stream>>>(*p, tokens,
                                                                              positions);
    return check(context, cudaGetLastError(), "embeddingBackward");
  };
  return Z2_BY_TYPE(context, p->dOutType, byType);
}

}  // namespace z2::cuda
