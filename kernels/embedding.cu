// Embedding. Backward must add the rows of a repeated token in one fixed order: the positions are
// sorted by token (CUB's radix sort is stable) and cut into segments. A block adds the runs of
// equal tokens within its segment; what belongs to a run of several segments it leaves in the
// workspace, where another pass adds those in their order.

#include <algorithm>
#include <bit>
#include <cub/device/device_radix_sort.cuh>

#include "kernels/cuda/element.cuh"
#include "kernels/cuda/launchers.h"

namespace z2::cuda {

namespace {

constexpr int kThreads = 256;
constexpr size_t kAlignment = 256;

size_t aligned(size_t bytes) { return (bytes + kAlignment - 1) / kAlignment * kAlignment; }

constexpr int kGatheredRows = 4;  // of a thread
constexpr int kSegment = 32;      // positions
constexpr int kAhead = 4;         // rows of a segment on their way from memory

template <typename Out, typename T, int W>
__global__ void __launch_bounds__(kThreads) gather(Z2EmbeddingForward p) {
  const int64_t packs = p.C / W;
  const int64_t index = static_cast<int64_t>(blockIdx.x) * kThreads + threadIdx.x;
  const int64_t first = index / packs * kGatheredRows, c = index % packs * W;
  Packed<T, W> rows[kGatheredRows];
#pragma unroll
  for (int i = 0; i < kGatheredRows; ++i)
    if (first + i < p.N)
      rows[i].fetch(static_cast<const T*>(p.table) + p.tokens[first + i] * p.C + c);
#pragma unroll
  for (int i = 0; i < kGatheredRows; ++i) {
    if (first + i >= p.N) break;
    float x[W];
    rows[i].unpack(x);
    store<W>(static_cast<Out*>(p.out) + (first + i) * p.C + c, x);
  }
}

__global__ void fillPositions(int32_t* positions, int64_t N) {
  const int64_t n = static_cast<int64_t>(blockIdx.x) * kThreads + threadIdx.x;
  if (n < N) positions[n] = static_cast<int32_t>(n);
}

// The tokens of a segment and its neighbours', -1 where there is none. The compiler reads them in
// pieces of 16 bytes, beyond the last too.
struct alignas(16) Segment {
  int32_t token[kSegment + 2];  // the one before the segment first
  int count;

  __device__ int32_t before() const { return token[0]; }
  __device__ int32_t at(int i) const { return token[i + 1]; }
  __device__ int32_t last() const { return token[count]; }
  __device__ int32_t behind() const { return token[count + 1]; }
  __device__ bool runEndsAt(int i) const { return token[i + 2] != token[i + 1]; }
};

// Threads of the block that are fewer than kSegment + 2 do it in turns; then a barrier.
__device__ void loadSegment(Segment& to, const int32_t* tokens, int64_t first, int64_t N) {
  const int count = N - first < kSegment ? static_cast<int>(N - first) : kSegment;
  for (int i = static_cast<int>(threadIdx.x); i < count + 2; i += blockDim.x) {
    const int64_t n = first + i - 1;
    to.token[i] = n >= 0 && n < N ? tokens[n] : -1;
  }
  if (threadIdx.x == 0) to.count = count;
  __syncthreads();
}

// Sums of a segment that belong to runs of several: of the run that comes in, and of the one that
// goes out of it, [2, C] each.
__device__ float* arrivingSum(float* sums, int64_t segment, int64_t C) {
  return sums + segment * 2 * C;
}
__device__ float* leavingSum(float* sums, int64_t segment, int64_t C) {
  return arrivingSum(sums, segment, C) + C;
}

template <int W>
__device__ __forceinline__ void addTo(float (&sum)[W], const float (&x)[W]) {
#pragma unroll
  for (int i = 0; i < W; ++i) sum[i] += x[i];
}

template <typename T, int W>
__global__ void __launch_bounds__(kThreads)
    addRuns(Z2EmbeddingBackward p, const int32_t* tokens, const int32_t* positions, float* sums) {
  __shared__ Segment segment;
  const int64_t first = static_cast<int64_t>(blockIdx.x) * kSegment;
  loadSegment(segment, tokens, first, p.N);
  const int64_t c = (static_cast<int64_t>(blockIdx.y) * blockDim.x + threadIdx.x) * W;
  if (c >= p.C) return;
  struct Row {
    Packed<T, W> dOut;
    Packed<float, W> table;  // where a run ends that lies in the segment
  } rows[kAhead];
  const auto placeOf = [&](int i) { return p.dTable + segment.at(i) * p.C + c; };
  const auto isWhole = [&](int i) { return segment.at(i) != segment.before(); };
  const auto fetch = [&](Row& row, int i) {
    if (i >= segment.count) return;
    row.dOut.fetch(static_cast<const T*>(p.dOut) + positions[first + i] * p.C + c);
    if (segment.runEndsAt(i) && isWhole(i)) row.table.fetch(placeOf(i));
  };
#pragma unroll
  for (int i = 0; i < kAhead; ++i) fetch(rows[i], i);
  float sum[W] = {};
  for (int round = 0; round < segment.count; round += kAhead) {
#pragma unroll
    for (int k = 0; k < kAhead; ++k) {
      const int i = round + k;
      if (i >= segment.count) break;
      float x[W];
      rows[k].dOut.unpack(x);
      addTo(sum, x);
      if (segment.runEndsAt(i)) {
        if (isWhole(i)) {
          rows[k].table.unpack(x);
          addTo(sum, x);
          store<W>(placeOf(i), sum);
        } else {
          store<W>(arrivingSum(sums, blockIdx.x, p.C) + c, sum);
        }
#pragma unroll
        for (int j = 0; j < W; ++j) sum[j] = 0.f;
      }
      fetch(rows[k], i + kAhead);
    }
  }
  if (segment.behind() != segment.last()) return;
  float* to = segment.last() == segment.before() ? arrivingSum(sums, blockIdx.x, p.C)
                                                 : leavingSum(sums, blockIdx.x, p.C);
  store<W>(to + c, sum);
}

// A block of a segment that a run begins in and leaves adds up all of that run.
template <int W>
__global__ void __launch_bounds__(kThreads)
    joinRuns(Z2EmbeddingBackward p, const int32_t* tokens, float* sums) {
  const int64_t end = min((static_cast<int64_t>(blockIdx.x) + 1) * kSegment, p.N);
  const int64_t first = static_cast<int64_t>(blockIdx.x) * kSegment;
  const int32_t token = tokens[end - 1];
  if (end == p.N || tokens[end] != token || (first > 0 && tokens[first - 1] == token)) return;
  const int64_t c = (static_cast<int64_t>(blockIdx.y) * blockDim.x + threadIdx.x) * W;
  if (c >= p.C) return;
  float sum[W], x[W];
  load<W>(leavingSum(sums, blockIdx.x, p.C) + c, sum);
  for (int64_t segment = blockIdx.x + 1; segment * kSegment < p.N; ++segment) {
    if (tokens[segment * kSegment] != token) break;
    load<W>(arrivingSum(sums, segment, p.C) + c, x);
    addTo(sum, x);
  }
  float* to = p.dTable + token * p.C + c;
  load<W>(to, x);
  addTo(sum, x);
  store<W>(to, sum);
}

int64_t segmentsOf(int64_t N) { return divideUp(N, kSegment); }

size_t listBytes(int64_t N) { return aligned(static_cast<size_t>(N) * sizeof(int32_t)); }
size_t sumBytes(int64_t N, int64_t C) {
  return aligned(static_cast<size_t>(segmentsOf(N) * 2 * C) * sizeof(float));
}

size_t sortBytes(int64_t N) {
  size_t bytes = 0;
  cub::DeviceRadixSort::SortPairs(
      nullptr, bytes, static_cast<const int32_t*>(nullptr), static_cast<int32_t*>(nullptr),
      static_cast<const int32_t*>(nullptr), static_cast<int32_t*>(nullptr), static_cast<int>(N));
  return bytes;
}

}  // namespace

Z2Status embeddingForward(Z2Context* context, const Z2EmbeddingForward* p) {
  if (p->N <= 0 || p->C <= 0) return Z2_OK;
  const auto launch = [&]<typename Out, typename T, int W>() {
    const int64_t threads = divideUp(p->N, kGatheredRows) * (p->C / W);
    gather<Out, T, W>
        <<<static_cast<unsigned>(divideUp(threads, kThreads)), kThreads, 0, context->stream>>>(*p);
    return check(context, cudaGetLastError(), "embeddingForward");
  };
  auto byOut = [&]<typename Out>() {
    auto byTable = [&]<typename T>() {
      return p->C % 8 == 0 ? launch.template operator()<Out, T, 8>()
                           : launch.template operator()<Out, T, 1>();
    };
    return Z2_BY_TYPE(context, p->tableType, byTable);
  };
  return Z2_BY_TYPE(context, p->outType, byOut);
}

// Tokens and positions in their order, positions as they were, the segments' sums, the sort's own.
size_t embeddingBackwardWorkspace(Z2Context*, int64_t N, int64_t C) {
  return 3 * listBytes(N) + sumBytes(N, C) + aligned(sortBytes(N));
}

Z2Status embeddingBackward(Z2Context* context, const Z2EmbeddingBackward* p) {
  if (p->N <= 0 || p->C <= 0) return Z2_OK;
  const size_t list = listBytes(p->N);
  auto* base = static_cast<char*>(p->workspace);
  auto* tokens = reinterpret_cast<int32_t*>(base);
  auto* unsorted = reinterpret_cast<int32_t*>(base + list);
  auto* positions = reinterpret_cast<int32_t*>(base + 2 * list);
  auto* sums = reinterpret_cast<float*>(base + 3 * list);
  char* const sorting = base + 3 * list + sumBytes(p->N, p->C);
  size_t bytes = sortBytes(p->N);
  fillPositions<<<static_cast<unsigned>(divideUp(p->N, kThreads)), kThreads, 0, context->stream>>>(
      unsorted, p->N);
  const int bits = std::bit_width(static_cast<uint64_t>(p->V));
  const cudaError_t sorted =
      cub::DeviceRadixSort::SortPairs(sorting, bytes, p->tokens, tokens, unsorted, positions,
                                      static_cast<int>(p->N), 0, bits, context->stream);
  if (sorted != cudaSuccess) return check(context, sorted, "embeddingBackward");
  const auto launch = [&]<typename T, int W>() {
    const int64_t columns = divideUp(p->C, W);
    const int threads = static_cast<int>(std::min<int64_t>(kThreads, divideUp(columns, 32) * 32));
    const dim3 blocks(static_cast<unsigned>(segmentsOf(p->N)),
                      static_cast<unsigned>(divideUp(columns, threads)));
    addRuns<T, W><<<blocks, threads, 0, context->stream>>>(*p, tokens, positions, sums);
    joinRuns<W><<<blocks, threads, 0, context->stream>>>(*p, tokens, sums);
    return check(context, cudaGetLastError(), "embeddingBackward");
  };
  auto byType = [&]<typename T>() {
    return p->C % 8 == 0 ? launch.template operator()<T, 8>() : launch.template operator()<T, 1>();
  };
  return Z2_BY_TYPE(context, p->dOutType, byType);
}

}  // namespace z2::cuda
