// Attention: Hopper's own kernels or cuDNN where they take the shape, else our own portable one: tiles
// of 32 queries × 32 keys in shared memory, fp32 arithmetic, any GPU, any even head size up to 256,
// document masks, dropout. Scores are never stored in full
// (FlashAttention, Dao et al., 2022). Backward recomputes them twice, once for the keys' gradients
// and once for the queries', so that every sum has one owner and one order.

#include <algorithm>

#include "kernels/cuda/cudnn_attention.h"
#include "kernels/cuda/hopper_attention.h"
#include "kernels/cuda/element.cuh"
#include "kernels/cuda/launchers.h"

namespace z2::cuda {

namespace {

constexpr int kTile = 32;      // queries and keys of a tile; a warp's lanes are the keys
constexpr int kThreads = 256;  // 8 warps; warp y owns the rows 4 y … 4 y + 3 of a tile
constexpr int kRows = 4;

// What the three kernels share of a problem.
struct Shape {
  int64_t B, T, Hq, Hkv, D;
  float scale;
  const int32_t* documentStart;
  Z2Dropout dropout;

  __device__ int64_t rowStride() const { return (Hq + 2 * Hkv) * D; }
  __device__ int64_t queryOffset(int64_t b, int64_t h) const { return b * T * rowStride() + h * D; }
  __device__ int64_t keyOffset(int64_t b, int64_t h) const {
    return b * T * rowStride() + (Hq + h) * D;
  }
  __device__ int64_t valueOffset(int64_t b, int64_t h) const {
    return b * T * rowStride() + (Hq + Hkv + h) * D;
  }
  __device__ bool sees(int64_t b, int64_t query, int64_t key) const {
    return query < T && key <= query &&
           (documentStart == nullptr || key >= documentStart[b * T + query]);
  }
  __device__ float keep(int64_t b, int64_t h, int64_t query, int64_t key) const {
    return dropoutFactor(dropout, static_cast<uint64_t>(((b * Hq + h) * T + query) * T + key));
  }
};

// Copies kTile rows of D elements into shared memory [kTile][D + 1]; rows past the end are zero.
template <typename T>
__device__ void loadTile(float* tile, const T* from, int64_t first, int64_t stride,
                         const Shape& shape) {
  const int64_t D = shape.D;
  for (int64_t i = threadIdx.x; i < kTile * D; i += kThreads) {
    const int64_t row = i / D, d = i % D;
    tile[row * (D + 1) + d] =
        first + row < shape.T ? toFloat(from[(first + row) * stride + d]) : 0.f;
  }
}

__device__ __forceinline__ float dot(const float* a, const float* b, int64_t D) {
  float sum = 0.f;
  for (int64_t d = 0; d < D; ++d) sum += a[d] * b[d];
  return sum;
}

// The first key tile that a query tile can see.
__device__ int64_t firstKeyTile(const Shape& shape, int64_t b, int64_t firstQuery) {
  return shape.documentStart == nullptr ? 0
                                        : shape.documentStart[b * shape.T + firstQuery] / kTile;
}

template <typename T, int kColumns>  // columns of D that a lane owns: D <= 32 kColumns
__global__ void __launch_bounds__(kThreads)
forwardKernel(T* out, float* lse, const T* qkv, Shape shape) {
  extern __shared__ float memory[];
  const int64_t D = shape.D, pitch = D + 1;
  float* queries = memory;
  float* keys = queries + kTile * pitch;
  float* values = keys + kTile * pitch;
  float* weights = values + kTile * pitch;  // [kTile][kTile + 1]
  const int lane = threadIdx.x % 32, warp = threadIdx.x / 32;
  const int64_t b = blockIdx.z, h = blockIdx.y, kv = h / (shape.Hq / shape.Hkv);
  const int64_t firstQuery = static_cast<int64_t>(blockIdx.x) * kTile;

  loadTile(queries, qkv + shape.queryOffset(b, h), firstQuery, shape.rowStride(), shape);
  float max[kRows], sum[kRows], result[kRows][kColumns] = {};
  for (int r = 0; r < kRows; ++r) max[r] = -INFINITY, sum[r] = 0.f;

  const int64_t lastQuery = min(firstQuery + kTile, shape.T) - 1;
  for (int64_t tile = firstKeyTile(shape, b, firstQuery); tile * kTile <= lastQuery; ++tile) {
    __syncthreads();
    loadTile(keys, qkv + shape.keyOffset(b, kv), tile * kTile, shape.rowStride(), shape);
    loadTile(values, qkv + shape.valueOffset(b, kv), tile * kTile, shape.rowStride(), shape);
    __syncthreads();
    const int64_t key = tile * kTile + lane;
    for (int r = 0; r < kRows; ++r) {
      const int row = warp * kRows + r;
      const int64_t query = firstQuery + row;
      const bool isSeen = shape.sees(b, query, key);
      const float score =
          isSeen ? shape.scale * dot(queries + row * pitch, keys + lane * pitch, D) : -INFINITY;
      const float newMax = fmaxf(max[r], warpMax(score));
      const float weight = isSeen ? __expf(score - newMax) : 0.f;
      const float rescale = newMax == -INFINITY ? 1.f : __expf(max[r] - newMax);
      sum[r] = sum[r] * rescale + warpSum(weight);
      max[r] = newMax;
      weights[row * (kTile + 1) + lane] =
          isSeen ? weight * shape.keep(b, h, query, key) : 0.f;
      __syncwarp();
#pragma unroll
      for (int k = 0; k < kColumns; ++k) result[r][k] *= rescale;
      for (int j = 0; j < kTile; ++j) {
        const float w = weights[row * (kTile + 1) + j];
#pragma unroll
        for (int k = 0; k < kColumns; ++k)
          if (lane + 32 * k < D) result[r][k] += w * values[j * pitch + lane + 32 * k];
      }
    }
  }
  for (int r = 0; r < kRows; ++r) {
    const int64_t query = firstQuery + warp * kRows + r;
    if (query >= shape.T) continue;
    T* place = out + ((b * shape.T + query) * shape.Hq + h) * D;
#pragma unroll
    for (int k = 0; k < kColumns; ++k)
      if (lane + 32 * k < D) place[lane + 32 * k] = fromFloat<T>(result[r][k] / sum[r]);
    if (lane == 0) lse[(b * shape.Hq + h) * shape.T + query] = max[r] + logf(sum[r]);
  }
}

// delta[b, h, t] = sum_d dOut * out: what the softmax's backward subtracts from each row.
template <typename T>
__global__ void deltaKernel(float* delta, const T* dOut, const T* out, Shape shape) {
  const int lane = threadIdx.x % 32;
  const int64_t index = static_cast<int64_t>(blockIdx.x) * (kThreads / 32) + threadIdx.x / 32;
  if (index >= shape.B * shape.T * shape.Hq) return;
  float sum = 0.f;
  for (int64_t d = lane; d < shape.D; d += 32)
    sum += toFloat(dOut[index * shape.D + d]) * toFloat(out[index * shape.D + d]);
  sum = warpSum(sum);
  const int64_t h = index % shape.Hq, t = index / shape.Hq % shape.T, b = index / shape.Hq / shape.T;
  if (lane == 0) delta[(b * shape.Hq + h) * shape.T + t] = sum;
}

struct BackwardTiles {
  float *queries, *keys, *values, *grads, *weights, *scoreGrads;
};

__device__ BackwardTiles carve(float* memory, int64_t D) {
  const int64_t tile = kTile * (D + 1), square = kTile * (kTile + 1);
  return {memory,            memory + tile,     memory + 2 * tile,
          memory + 3 * tile, memory + 4 * tile, memory + 4 * tile + square};
}

// For the tile's 32 × 32 scores: weights after dropout, and the gradient of the scores.
__device__ void scoresBackward(const BackwardTiles& tiles, const Shape& shape, const float* lse,
                               const float* delta, int64_t b, int64_t h, int64_t firstQuery,
                               int64_t firstKey) {
  const int lane = threadIdx.x % 32, warp = threadIdx.x / 32;
  const int64_t pitch = shape.D + 1, key = firstKey + lane;
  for (int r = 0; r < kRows; ++r) {
    const int row = warp * kRows + r;
    const int64_t query = firstQuery + row;
    float weight = 0.f, scoreGrad = 0.f;
    if (shape.sees(b, query, key)) {
      const int64_t place = (b * shape.Hq + h) * shape.T + query;
      const float score =
          shape.scale * dot(tiles.queries + row * pitch, tiles.keys + lane * pitch, shape.D);
      const float probability = __expf(score - lse[place]);
      const float keep = shape.keep(b, h, query, key);
      const float grad = dot(tiles.grads + row * pitch, tiles.values + lane * pitch, shape.D);
      weight = probability * keep;
      scoreGrad = shape.scale * probability * (grad * keep - delta[place]);
    }
    tiles.weights[row * (kTile + 1) + lane] = weight;
    tiles.scoreGrads[row * (kTile + 1) + lane] = scoreGrad;
  }
}

// Gradients of a tile of keys and values: over the group's heads, over the tiles of queries.
template <typename T, int kColumns>
__global__ void __launch_bounds__(kThreads)
keysBackwardKernel(T* dQkv, const T* dOut, const T* qkv, const float* lse, const float* delta,
                   Shape shape) {
  extern __shared__ float memory[];
  const int64_t D = shape.D, pitch = D + 1, group = shape.Hq / shape.Hkv;
  const BackwardTiles tiles = carve(memory, D);
  const int lane = threadIdx.x % 32, warp = threadIdx.x / 32;
  const int64_t b = blockIdx.z, kv = blockIdx.y;
  const int64_t firstKey = static_cast<int64_t>(blockIdx.x) * kTile;
  loadTile(tiles.keys, qkv + shape.keyOffset(b, kv), firstKey, shape.rowStride(), shape);
  loadTile(tiles.values, qkv + shape.valueOffset(b, kv), firstKey, shape.rowStride(), shape);
  float keyGrad[kRows][kColumns] = {}, valueGrad[kRows][kColumns] = {};
  for (int64_t h = kv * group; h < (kv + 1) * group; ++h) {
    for (int64_t firstQuery = firstKey; firstQuery < shape.T; firstQuery += kTile) {
      __syncthreads();
      loadTile(tiles.queries, qkv + shape.queryOffset(b, h), firstQuery, shape.rowStride(), shape);
      loadTile(tiles.grads, dOut + (b * shape.T * shape.Hq + h) * D, firstQuery, shape.Hq * D,
               shape);
      __syncthreads();
      scoresBackward(tiles, shape, lse, delta, b, h, firstQuery, firstKey);
      __syncthreads();
      for (int i = 0; i < kTile; ++i) {
#pragma unroll
        for (int r = 0; r < kRows; ++r) {
          const float weight = tiles.weights[i * (kTile + 1) + warp * kRows + r];
          const float scoreGrad = tiles.scoreGrads[i * (kTile + 1) + warp * kRows + r];
#pragma unroll
          for (int k = 0; k < kColumns; ++k) {
            if (lane + 32 * k >= D) continue;
            valueGrad[r][k] += weight * tiles.grads[i * pitch + lane + 32 * k];
            keyGrad[r][k] += scoreGrad * tiles.queries[i * pitch + lane + 32 * k];
          }
        }
      }
    }
  }
  for (int r = 0; r < kRows; ++r) {
    const int64_t key = firstKey + warp * kRows + r;
    if (key >= shape.T) continue;
#pragma unroll
    for (int k = 0; k < kColumns; ++k) {
      const int64_t d = lane + 32 * k;
      if (d >= D) continue;
      dQkv[shape.keyOffset(b, kv) + key * shape.rowStride() + d] = fromFloat<T>(keyGrad[r][k]);
      dQkv[shape.valueOffset(b, kv) + key * shape.rowStride() + d] = fromFloat<T>(valueGrad[r][k]);
    }
  }
}

// Gradient of a tile of queries: over the tiles of keys.
template <typename T, int kColumns>
__global__ void __launch_bounds__(kThreads)
queriesBackwardKernel(T* dQkv, const T* dOut, const T* qkv, const float* lse, const float* delta,
                      Shape shape) {
  extern __shared__ float memory[];
  const int64_t D = shape.D, pitch = D + 1;
  const BackwardTiles tiles = carve(memory, D);
  const int lane = threadIdx.x % 32, warp = threadIdx.x / 32;
  const int64_t b = blockIdx.z, h = blockIdx.y, kv = h / (shape.Hq / shape.Hkv);
  const int64_t firstQuery = static_cast<int64_t>(blockIdx.x) * kTile;
  loadTile(tiles.queries, qkv + shape.queryOffset(b, h), firstQuery, shape.rowStride(), shape);
  loadTile(tiles.grads, dOut + (b * shape.T * shape.Hq + h) * D, firstQuery, shape.Hq * D, shape);
  float grad[kRows][kColumns] = {};
  const int64_t lastQuery = min(firstQuery + kTile, shape.T) - 1;
  for (int64_t tile = firstKeyTile(shape, b, firstQuery); tile * kTile <= lastQuery; ++tile) {
    __syncthreads();
    loadTile(tiles.keys, qkv + shape.keyOffset(b, kv), tile * kTile, shape.rowStride(), shape);
    loadTile(tiles.values, qkv + shape.valueOffset(b, kv), tile * kTile, shape.rowStride(), shape);
    __syncthreads();
    scoresBackward(tiles, shape, lse, delta, b, h, firstQuery, tile * kTile);
    __syncwarp();  // a warp reads back only the rows that it wrote
    for (int r = 0; r < kRows; ++r) {
      for (int j = 0; j < kTile; ++j) {
        const float scoreGrad = tiles.scoreGrads[(warp * kRows + r) * (kTile + 1) + j];
#pragma unroll
        for (int k = 0; k < kColumns; ++k)
          if (lane + 32 * k < D) grad[r][k] += scoreGrad * tiles.keys[j * pitch + lane + 32 * k];
      }
    }
  }
  for (int r = 0; r < kRows; ++r) {
    const int64_t query = firstQuery + warp * kRows + r;
    if (query >= shape.T) continue;
#pragma unroll
    for (int k = 0; k < kColumns; ++k) {
      const int64_t d = lane + 32 * k;
      if (d < D)
        dQkv[shape.queryOffset(b, h) + query * shape.rowStride() + d] = fromFloat<T>(grad[r][k]);
    }
  }
}

constexpr int kCachedRows = 64;  // rows of a batch in one launch: their lengths travel by value

struct Lengths {
  int32_t of[kCachedRows];
};

// One query of one head a block: warps take keys in turn, each with its own running softmax.
template <typename T, int kColumns>
__global__ void cachedKernel(Z2AttentionCached p, Lengths lengths, int64_t firstRow) {
  __shared__ float maxima[kThreads / 32], sums[kThreads / 32];
  __shared__ float partial[kThreads / 32][kColumns * 32];
  const int lane = threadIdx.x % 32, warp = threadIdx.x / 32;
  const int64_t h = blockIdx.x, t = blockIdx.y, b = firstRow + blockIdx.z;
  const int64_t kv = h / (p.Hq / p.Hkv);
  const int64_t visible = lengths.of[blockIdx.z] - p.T + t + 1;
  float query[kColumns] = {}, result[kColumns] = {};
#pragma unroll
  for (int k = 0; k < kColumns; ++k)
    if (lane + 32 * k < p.D)
      query[k] = toFloat(static_cast<const T*>(p.q)[(b * p.T + t) * p.qStride + h * p.D + lane + 32 * k]);
  float max = -INFINITY, sum = 0.f;
  for (int64_t key = warp; key < visible; key += kThreads / 32) {
    const int64_t place = ((b * p.capacity + key) * p.Hkv + kv) * p.D;
    float score = 0.f;
#pragma unroll
    for (int k = 0; k < kColumns; ++k)
      if (lane + 32 * k < p.D)
        score += query[k] * toFloat(static_cast<const T*>(p.keys)[place + lane + 32 * k]);
    score = warpSum(score) * p.scale;
    const float newMax = fmaxf(max, score), rescale = __expf(max - newMax);
    const float weight = __expf(score - newMax);
    sum = sum * rescale + weight;
    max = newMax;
#pragma unroll
    for (int k = 0; k < kColumns; ++k)
      if (lane + 32 * k < p.D)
        result[k] = result[k] * rescale +
                    weight * toFloat(static_cast<const T*>(p.values)[place + lane + 32 * k]);
  }
  if (lane == 0) maxima[warp] = max, sums[warp] = sum;
#pragma unroll
  for (int k = 0; k < kColumns; ++k) partial[warp][lane + 32 * k] = result[k];
  __syncthreads();
  if (warp != 0) return;
  float total = 0.f, top = -INFINITY;
  for (int w = 0; w < kThreads / 32; ++w) top = fmaxf(top, maxima[w]);
  for (int w = 0; w < kThreads / 32; ++w)
    total += sums[w] > 0.f ? sums[w] * __expf(maxima[w] - top) : 0.f;
#pragma unroll
  for (int k = 0; k < kColumns; ++k) {
    if (lane + 32 * k >= p.D) continue;
    float value = 0.f;
    for (int w = 0; w < kThreads / 32; ++w)
      if (sums[w] > 0.f) value += partial[w][lane + 32 * k] * __expf(maxima[w] - top);
    static_cast<T*>(p.out)[((b * p.T + t) * p.Hq + h) * p.D + lane + 32 * k] =
        fromFloat<T>(value / total);
  }
}

// Calls body.template operator()<columns>() with enough columns a lane for the head size.
template <typename Body>
Z2Status byHeadSize(Z2Context* context, int64_t D, Body body) {
  if (D <= 64) return body.template operator()<2>();
  if (D <= 128) return body.template operator()<4>();
  if (D <= 256) return body.template operator()<8>();
  return fail(context, Z2_INVALID, "attention: head size " + std::to_string(D) + " is over 256");
}

// Raises the kernel's limit of shared memory when it needs more than the 48 KB that all may have.
template <typename Kernel>
Z2Status allow(Z2Context* context, Kernel* kernel, size_t bytes) {
  if (bytes <= (size_t{48} << 10)) return Z2_OK;
  return allowShared(context, kernel, bytes, "attention");
}

template <typename Params>
Shape shapeOf(const Params& p) {
  return {p.B, p.T, p.Hq, p.Hkv, p.D, p.scale, p.documentStart, p.dropout};
}

dim3 grid(int64_t T, int64_t heads, int64_t B) {
  return dim3(static_cast<unsigned>(divideUp(T, kTile)), static_cast<unsigned>(heads),
              static_cast<unsigned>(B));
}

// By cuDNN, or by our own portable kernels.
Z2Status unrotatedBackward(Z2Context* context, const Z2AttentionBackward& p) {
  if (context->cudnn != nullptr && context->cudnn->takes(context, p))
    return context->cudnn->backward(context, p);
  const size_t shared =
      static_cast<size_t>(4 * kTile * (p.D + 1) + 2 * kTile * (kTile + 1)) * sizeof(float);
  auto* delta = static_cast<float*>(p.workspace);
  auto byType = [&]<typename T>() {
    return byHeadSize(context, p.D, [&]<int kColumns>() {
      for (auto* kernel : {keysBackwardKernel<T, kColumns>, queriesBackwardKernel<T, kColumns>})
        if (const Z2Status status = allow(context, kernel, shared); status != Z2_OK) return status;
      const Shape shape = shapeOf(p);
      auto* dQkv = static_cast<T*>(p.dQkv);
      const auto* dOut = static_cast<const T*>(p.dOut);
      const auto* qkv = static_cast<const T*>(p.qkv);
      const auto rows = static_cast<unsigned>(divideUp(p.B * p.T * p.Hq, kThreads / 32));
      deltaKernel<T><<<rows, kThreads, 0, context->stream>>>(
          delta, dOut, static_cast<const T*>(p.out), shape);
      keysBackwardKernel<T, kColumns>
          <<<grid(p.T, p.Hkv, p.B), kThreads, shared, context->stream>>>(dQkv, dOut, qkv, p.lse,
                                                                            delta, shape);
      queriesBackwardKernel<T, kColumns>
          <<<grid(p.T, p.Hq, p.B), kThreads, shared, context->stream>>>(dQkv, dOut, qkv, p.lse,
                                                                           delta, shape);
      return check(context, cudaGetLastError(), "attentionBackward");
    });
  };
  return Z2_BY_TYPE(context, p.type, byType);
}

}  // namespace

size_t attentionWorkspace(Z2Context* context, const Z2AttentionBackward* p) {
  const size_t own = static_cast<size_t>(p->B * p->Hq * p->T) * sizeof(float);
  if (takesHopperBackward(context, *p)) {
    const size_t hopper = std::max(own, hopperWorkspace(*p));
    return context->cudnn == nullptr
               ? hopper
               : std::max(hopper, context->cudnn->forwardWorkspace(context, *p));
  }
  return context->cudnn == nullptr ? own : std::max(own, context->cudnn->workspace(context, *p));
}

Z2Status attentionForward(Z2Context* context, const Z2AttentionForward* p) {
  if (p->B <= 0 || p->T <= 0) return Z2_OK;
  if (takesHopperForward(context, *p)) return hopperForward(context, *p);
  if (context->cudnn != nullptr && context->cudnn->takes(context, *p))
    return context->cudnn->forward(context, *p);
  const size_t shared =
      static_cast<size_t>(3 * kTile * (p->D + 1) + kTile * (kTile + 1)) * sizeof(float);
  auto byType = [&]<typename T>() {
    return byHeadSize(context, p->D, [&]<int kColumns>() {
      if (const Z2Status status = allow(context, forwardKernel<T, kColumns>, shared);
          status != Z2_OK)
        return status;
      forwardKernel<T, kColumns><<<grid(p->T, p->Hq, p->B), kThreads, shared, context->stream>>>(
          static_cast<T*>(p->out), p->lse, static_cast<const T*>(p->qkv), shapeOf(*p));
      return check(context, cudaGetLastError(), "attentionForward");
    });
  };
  return Z2_BY_TYPE(context, p->type, byType);
}

Z2Status attentionBackward(Z2Context* context, const Z2AttentionBackward* p) {
  if (p->B <= 0 || p->T <= 0) return Z2_OK;
  if (takesHopperBackward(context, *p)) return hopperBackward(context, *p);
  const Z2Status status = unrotatedBackward(context, *p);
  return status != Z2_OK || p->rope == nullptr ? status : rope(context, p->rope);
}

Z2Status attentionCached(Z2Context* context, const Z2AttentionCached* p) {
  auto byType = [&]<typename T>() {
    return byHeadSize(context, p->D, [&]<int kColumns>() {
      for (int64_t first = 0; first < p->B; first += kCachedRows) {
        const int64_t rows = std::min<int64_t>(kCachedRows, p->B - first);
        Lengths lengths{};
        std::copy_n(p->length + first, rows, lengths.of);
        const dim3 blocks(static_cast<unsigned>(p->Hq), static_cast<unsigned>(p->T),
                          static_cast<unsigned>(rows));
        cachedKernel<T, kColumns><<<blocks, kThreads, 0, context->stream>>>(*p, lengths, first);
      }
      return check(context, cudaGetLastError(), "attentionCached");
    });
  };
  return Z2_BY_TYPE(context, p->type, byType);
}

}  // namespace z2::cuda
