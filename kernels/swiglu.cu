// SwiGLU on the fused projection, forward and backward, 16 bytes a thread and access.

#include "kernels/cuda/codes.cuh"
#include "kernels/cuda/element.cuh"
#include "kernels/cuda/launchers.h"

namespace z2::cuda {

namespace {

constexpr int kThreads = 256;

__device__ __forceinline__ float sigmoid(float x) { return 1.f / (1.f + __expf(-x)); }

// gate becomes the result.
template <int W>
__device__ __forceinline__ void apply(float (&gate)[W], const float (&up)[W]) {
#pragma unroll
  for (int i = 0; i < W; ++i) gate[i] = gate[i] * sigmoid(gate[i]) * up[i];
}

template <typename T, int W>
__global__ void forwardKernel(Z2SwigluForward p) {
  const int64_t packs = p.F / W;
  const int64_t index = static_cast<int64_t>(blockIdx.x) * kThreads + threadIdx.x;
  if (index >= p.N * packs) return;
  const int64_t n = index / packs, f = index % packs * W;
  const T* row = static_cast<const T*>(p.gateUp) + n * 2 * p.F + f;
  float gate[W], up[W];
  load<W>(row, gate);
  load<W>(row + p.F, up);
  apply(gate, up);
  store<W>(static_cast<T*>(p.out) + n * p.F + f, gate);
}

// gate and up become their gradients, grad becomes the forward's result.
template <int W>
__device__ __forceinline__ void gradients(float (&gate)[W], float (&up)[W], float (&grad)[W]) {
#pragma unroll
  for (int i = 0; i < W; ++i) {
    const float s = sigmoid(gate[i]);
    const float silu = gate[i] * s, out = silu * up[i];
    gate[i] = grad[i] * up[i] * s * (1.f + gate[i] * (1.f - s));
    up[i] = grad[i] * silu;
    grad[i] = out;
  }
}

template <typename T, int W>
__global__ void backwardKernel(Z2SwigluBackward p) {
  const int64_t packs = p.F / W;
  const int64_t index = static_cast<int64_t>(blockIdx.x) * kThreads + threadIdx.x;
  if (index >= p.N * packs) return;
  const int64_t n = index / packs, f = index % packs * W;
  const T* row = static_cast<const T*>(p.gateUp) + n * 2 * p.F + f;
  float gate[W], up[W], grad[W];
  load<W>(row, gate);
  load<W>(row + p.F, up);
  load<W>(static_cast<const T*>(p.dOut) + n * p.F + f, grad);
  gradients(gate, up, grad);
  T* target = static_cast<T*>(p.dGateUp) + n * 2 * p.F + f;
  store<W>(target, gate);
  store<W>(target + p.F, up);
  if (p.out != nullptr) store<W>(static_cast<T*>(p.out) + n * p.F + f, grad);
}

// The forward's result for its codes.
template <typename T>
struct ForwardSource {
  static constexpr int kTileRows = 128;
  struct Read {
    Packed<T, kPatchColumns> gate[kPatchRows], up[kPatchRows];
  };
  const T* gateUp;
  int64_t F;

  __device__ void fetch(Read& to, int64_t row, int64_t column, int rows) const {
    const T* from = gateUp + row * 2 * F + column;
#pragma unroll
    for (int r = 0; r < kPatchRows; ++r) {
      if (r >= rows) break;
      to.gate[r].fetch(from + r * 2 * F);
      to.up[r].fetch(from + (2 * r + 1) * F);
    }
  }
  __device__ void make(const Read& from, int r, float (&x)[kPatchColumns]) const {
    float up[kPatchColumns];
    from.gate[r].unpack(x);
    from.up[r].unpack(up);
    apply(x, up);
  }
};

constexpr int kBackwardRows = 128;  // of a tile: a patch a thread
static_assert(kBackwardRows / kPatchRows * kPatchesAcross == kCodeThreads);

// The codes of dGateUp both ways, and those of the forward's result, which are known, transposed.
template <typename T, Z2DType kCode>
__global__ void __launch_bounds__(kCodeThreads, 2)
    backwardCodesKernel(Z2SwigluBackward p, Z2Codes to, Z2Codes out, CodePass pass) {
  extern __shared__ uint4 sharedTiles[];
  auto* turned = reinterpret_cast<Turned<kBackwardRows>*>(sharedTiles);  // of dGate, dUp, out
  const CodeFactor factor = codeFactor<kCode>(to.scale, pass);
  if (!factor.isWanted) return;
  const float outFactor = 1.f / out.scale->scale;
  const Tiles<kBackwardRows> tiles(p.N, p.F);
  int most = 0;
  for (int tile = blockIdx.x; tile < tiles.count; tile += gridDim.x) {
    const int64_t firstRow = tiles.rowOf(tile), firstColumn = tiles.columnOf(tile);
    const PatchPlace place(threadIdx.x, firstRow, firstColumn, p.N, p.F);
    const int64_t row = firstRow + place.group * kPatchRows, f = firstColumn + place.column;
    typename ForwardSource<T>::Read read = {};
    Packed<T, kPatchColumns> grad[kPatchRows] = {};
    if (place.rows > 0) {
      ForwardSource<T>{static_cast<const T*>(p.gateUp), p.F}.fetch(read, row, f, place.rows);
      const T* dOut = static_cast<const T*>(p.dOut) + row * p.F + f;
#pragma unroll
      for (int r = 0; r < kPatchRows; ++r)
        if (r < place.rows) grad[r].fetch(dOut + r * p.F);
    }
    PatchCodes dGate, dUp, again;
#pragma unroll
    for (int r = 0; r < kPatchRows; ++r) {
      float gate[kPatchColumns], up[kPatchColumns], result[kPatchColumns];
      read.gate[r].unpack(gate), read.up[r].unpack(up), grad[r].unpack(result);
      gradients(gate, up, result);
      most = greatest(greatest(most, gate), up);
      dGate.set<kCode>(r, gate, factor.factor), dUp.set<kCode>(r, up, factor.factor);
      again.set<Z2_E4M3>(r, result, outFactor);
    }
    store(to.codes, row, f, 2 * p.F, place, dGate);
    store(to.codes, row, p.F + f, 2 * p.F, place, dUp);
    turned[0].put(place, dGate), turned[1].put(place, dUp), turned[2].put(place, again);
    __syncthreads();
    const int columns = columnsOf(firstColumn, p.F);
    turned[0].write(to.transposed, p.N, firstRow, firstColumn, columns);
    turned[1].write(to.transposed, p.N, firstRow, p.F + firstColumn, columns);
    if (pass != CodePass::kSettle)
      turned[2].write(out.transposed, p.N, firstRow, firstColumn, columns);
    __syncthreads();
  }
  if (pass == CodePass::kTry) raise(to.scale, most);
}

Z2Status backwardCodes(Z2Context* context, const Z2SwigluBackward& p) {
  constexpr size_t kShared = 3 * sizeof(Turned<kBackwardRows>);
  static_assert(kShared <= 48 * 1024);
  const Z2Codes& to = *p.codes;
  if (to.codes == nullptr || to.transposed == nullptr || p.outCodes == nullptr ||
      p.outCodes->transposed == nullptr || p.F % 16 != 0)
    return fail(context, Z2_INVALID,
                "swigluBackward: codes are of both results and F is a multiple of 16");
  return byHalf(context, p.type, [&]<typename T>() {
    return byCode(context, to, p.N, 2 * p.F, [&]<Z2DType kCode>() {
      const int tiles = Tiles<kBackwardRows>(p.N, p.F).count;
      return byPasses(
          context, to.isKnown != 0, tiles, "swigluBackward", [&](CodePass pass, unsigned blocks) {
            backwardCodesKernel<T, kCode>
                <<<blocks, kCodeThreads, kShared, context->stream>>>(p, to, *p.outCodes, pass);
          });
    });
  });
}

// out = silu(gate), then out *= up: what the forward is without fusing.
template <typename T, int W, bool kMultiplies>
__global__ void passKernel(Z2SwigluForward p) {
  const int64_t packs = p.F / W;
  const int64_t index = static_cast<int64_t>(blockIdx.x) * kThreads + threadIdx.x;
  if (index >= p.N * packs) return;
  const int64_t n = index / packs, f = index % packs * W;
  T* out = static_cast<T*>(p.out) + n * p.F + f;
  float x[W], y[W];
  load<W>(static_cast<const T*>(p.gateUp) + n * 2 * p.F + (kMultiplies ? p.F : 0) + f, x);
  if (kMultiplies) load<W>(out, y);
#pragma unroll
  for (int i = 0; i < W; ++i) x[i] *= kMultiplies ? y[i] : sigmoid(x[i]);
  store<W>(out, x);
}

unsigned blocksFor(int64_t N, int64_t F, int W) {
  return static_cast<unsigned>(divideUp(N * (F / W), kThreads));
}

template <typename T, int W>
Z2Status launchForward(Z2Context* context, const Z2SwigluForward& p) {
  const unsigned blocks = blocksFor(p.N, p.F, W);
  if (p.fused) {
    forwardKernel<T, W><<<blocks, kThreads, 0, context->stream>>>(p);
    return check(context, cudaGetLastError(), "swigluForward");
  }
  passKernel<T, W, false><<<blocks, kThreads, 0, context->stream>>>(p);
  passKernel<T, W, true><<<blocks, kThreads, 0, context->stream>>>(p);
  return check(context, cudaGetLastError(), "swigluForward");
}

}  // namespace

Z2Status swigluForward(Z2Context* context, const Z2SwigluForward* p) {
  if (p->N <= 0 || p->F <= 0) return Z2_OK;
  if (p->codes != nullptr)
    return byHalf(context, p->type, [&]<typename T>() {
      return writeCodes(context, ForwardSource<T>{static_cast<const T*>(p->gateUp), p->F},
                        *p->codes, p->N, p->F, "swigluForward");
    });
  auto byType = [&]<typename T>() {
    return p->F % 8 == 0 ? launchForward<T, 8>(context, *p) : launchForward<T, 1>(context, *p);
  };
  return Z2_BY_TYPE(context, p->type, byType);
}

Z2Status swigluBackward(Z2Context* context, const Z2SwigluBackward* p) {
  if (p->N <= 0 || p->F <= 0) return Z2_OK;
  if (p->codes != nullptr) return backwardCodes(context, *p);
  if (!p->fused && p->out != nullptr) {
    const Z2SwigluForward again{p->out, p->gateUp, p->N, p->F, p->type, 0, nullptr};
    if (const Z2Status status = swigluForward(context, &again); status != Z2_OK) return status;
    Z2SwigluBackward rest = *p;
    rest.out = nullptr;
    return swigluBackward(context, &rest);
  }
  auto byType = [&]<typename T>() {
    if (p->F % 8 == 0)
      backwardKernel<T, 8><<<blocksFor(p->N, p->F, 8), kThreads, 0, context->stream>>>(*p);
    else
      backwardKernel<T, 1><<<blocksFor(p->N, p->F, 1), kThreads, 0, context->stream>>>(*p);
    return check(context, cudaGetLastError(), "swigluBackward");
  };
  return Z2_BY_TYPE(context, p->type, byType);
}

}  // namespace z2::cuda
