// A step of generation as one kernel whose blocks stay, one on each multiprocessor. A step reads
// every weight once, so what counts is that reading never stops: a warp goes on copying the weights
// of later operations into a ring while the others wait for what other blocks tell them, put a row
// together or attend. What is multiplied how is the same as in kernels/row_linear.cu.
//
// Runs on Hopper for one row of 16-bit elements and models that are large enough; everything else
// by parts.

#include <algorithm>

#include "kernels/cuda/decode_attention.cuh"
#include "kernels/cuda/decode_input.cuh"
#include "kernels/cuda/decode_model.cuh"
#include "kernels/cuda/decode_products.cuh"
#include "kernels/cuda/device.h"
#include "kernels/cuda/element.cuh"
#include "kernels/cuda/launchers.h"
#include "kernels/decode_step_parts.h"

namespace z2::cuda {

namespace {

using namespace decode;

// Of a row of K elements in shared memory, up to whole groups.
__host__ __device__ constexpr int lengthOf(int64_t K) {
  constexpr int kWhole = rows::kGroup * kStep;
  return (static_cast<int>(K) + kWhole - 1) / kWhole * kWhole;
}

// Units of the residual stream that a block may have.
constexpr int kOwnUnits = 16;

// This block's units of the residual stream, from the token's embedding.
template <typename T>
__device__ void embed(const Model& model, const T* embedding, float* own) {
  for (int i = static_cast<int>(threadIdx.x); i < kOwnUnits * rows::kColumns; i += kThreads) {
    const int64_t unit = static_cast<int64_t>(blockIdx.x) + i / rows::kColumns * gridDim.x;
    const int64_t c = unit * rows::kColumns + i % rows::kColumns;
    if (c < model.step.C) own[i] = toFloat(embedding[c]);
  }
}

// Splits of a head's positions: as many as there are blocks for, but none for fewer positions than
// a block reads at once.
__device__ __forceinline__ int splitsAt(const Model& model, int position, int atOnce) {
  return min(model.splits, position / atOnce + 1);
}

// X: of the residual stream. kLanes: of a head.
template <typename T, typename X, int kLanes>
__device__ void compute(const Model& model, unsigned char* memory, Signals& signals) {
  const Z2DecodeStep& p = model.step;
  auto* const own = reinterpret_cast<float*>(memory + model.stages * kStageBytes);
  auto* const parts = own + kOwnUnits * rows::kColumns;
  auto* const rest = parts + 2 * kTurns * kWarps * rows::kColumns;
  T* const input = reinterpret_cast<T*>(rest);
  Weights<T> weights(memory, model.stages, signals);
  const uint32_t step = __ldcg(model.counters) + 1;
  const T* const embedding = static_cast<const T*>(p.embedding) + __ldcg(p.tokens) * p.C;
  const int position = __ldcg(p.positions);
  embed(model, embedding, own);

  const int splits = splitsAt(model, position, kThreads / kLanes * kAtOnce);
  const Unit unit(model, splits, static_cast<int>(blockIdx.x));
  const int products = productCount(model);
#pragma unroll 1
  for (int number = 0; number < products; ++number) {
    const int index = number / kProducts, kind = index == p.L ? kHead : number % kProducts;
    const uint32_t layer = step * static_cast<uint32_t>(p.L) + static_cast<uint32_t>(index);
    const Z2RowLinear a = productOf(model, number);
    if (kind == kOutput)
      attend<T>(model, model.layers[index], unit, *reinterpret_cast<UnitMemory<T, kLanes>*>(rest),
                layer, position, splits);
    if (static_cast<int>(blockIdx.x) >= Units(a).count) continue;
    Outputs to{model.qkv, layer, nullptr, nullptr};
    if (kind == kOutput) {
      to = {model.middle, layer, nullptr, own};
      if (splits == 1)
        fillPlain<T, 2>(input, a, model.attended, layer);
      else if (splits == 2)
        fillAttended<T, 2, 2>(input, model, splits, layer);
      else if (splits <= 4)
        fillAttended<T, 4, 2>(input, model, splits, layer);
      else
        fillAttended<T, kMostSplits, 1>(input, model, splits, layer);
    } else if (kind == kDown) {
      to = {model.end, layer, nullptr, own};
      fillPlain<T, 6>(input, a, model.inner, layer);
    } else {
      const Message* stream = index == 0 ? nullptr : model.end;
      uint32_t from = layer - 1;
      if (kind == kGateUp) {
        to.messages = model.inner;
        stream = model.middle;
        from = layer;
      } else if (kind == kHead) {
        to.messages = nullptr;
        to.logits = p.logits;
      }
      if (a.K <= 2 * kThreads * kOfMail<X>)
        fillNormed<T, X, 2>(input, a, stream, from, embedding);
      else
        fillNormed<T, X, 16 / kOfMail<X>>(input, a, stream, from, embedding);
    }
    const int K = static_cast<int>(a.K), thread = static_cast<int>(threadIdx.x);
    if (thread < lengthOf(K) - K) input[K + thread] = T(0.f);
    sync();
    multiply<T, X>(weights, a, input, parts, to);
    sync();  // the input's place is free
  }
  // The last block to end counts the step.
  if (threadIdx.x != 0 || atomicAdd(model.counters + 1, 1) != gridDim.x - 1) return;
  model.counters[0] = step;
  model.counters[1] = 0;
}

template <typename T, typename X, int kLanes>
__global__ void __launch_bounds__(kThreads + kCopyThreads, 1)
    decodeStepKernel(const __grid_constant__ Model model) {
#ifdef __CUDA_ARCH_FEAT_SM90_ALL
  extern __shared__ __align__(128) unsigned char memory[];
  __shared__ Signals signals;
  if (threadIdx.x == 0) signals.init();
  __syncthreads();
  if (threadIdx.x < kThreads) {
    hopper::takeRegisters<kComputeRegisters>();
    compute<T, X, kLanes>(model, memory, signals);
  } else {
    hopper::giveRegisters<kCopyRegisters>();
    if (threadIdx.x < kThreads + 32) copyWeights<T>(model, memory, signals);
  }
#endif
}

constexpr size_t kCounterBytes = 256;

// Where messages lie. A place has only ever held messages.
struct Places {
  size_t middle, end, qkv, inner, attended, stats, whole;

  static Places of(const Z2DecodeStep& p, int splits) {
    size_t whole = kCounterBytes;
    const auto take = [&whole](int64_t messages) {
      const size_t place = whole;
      whole += static_cast<size_t>((messages * 8 + 255) / 256 * 256);
      return place;
    };
    Places places{};
    places.middle = take(p.C);
    places.end = take(p.C);
    places.qkv = take((p.Hq + 2 * p.Hkv) * p.D / 2);
    places.inner = take(p.F / 2);
    places.attended = take(p.Hq * splits * p.D / 2);
    places.stats = take(p.Hq * splits * 2);
    places.whole = whole;
    return places;
  }
};

int splitsOf(const Z2Context* context, const Z2DecodeStep& p) {
  return static_cast<int>(
      std::clamp<int64_t>(context->multiprocessors / p.Hq, 1, int64_t{kMostSplits}));
}

constexpr size_t kStaticBytes = 1024;  // of shared memory, at most

size_t sharedBytes(const Z2DecodeStep& p, int stages) {
  const size_t unit = p.D <= 64 ? sizeof(UnitMemory<__half, 8>) : sizeof(UnitMemory<__half, 16>);
  const int length = lengthOf(std::max({p.C, p.F, p.Hq * p.D}));
  return static_cast<size_t>(stages) * kStageBytes +
         sizeof(float) * rows::kColumns * (kOwnUnits + 2 * kTurns * kWarps) +
         std::max(static_cast<size_t>(length) * 2, unit);
}

// Bytes of a layer's weights from which on it is faster than a kernel for each operation; below, a
// step is made of waiting for others, and kernels that follow each other wait less (measured).
constexpr int64_t kLeastBytes = int64_t{32} << 20;

// Stages of the ring, 0: this kernel does not take the shape.
int stagesFor(const Z2Context* context, const Z2DecodeStep& p) {
  constexpr int kFewest = 3;
  const auto isWhole = [](int64_t n) { return n % 8 == 0 && n < (int64_t{1} << 28); };
  const int64_t bytes = 2 * p.C * ((2 * p.Hq + 2 * p.Hkv) * p.D + 3 * p.F);
  if (!context->isHopper || p.type == Z2_F32 || p.B != 1 || p.L > kMostLayers || p.D > 128 ||
      !isWhole(p.D) || p.capacity >= (int64_t{1} << 30) / (p.Hkv * p.D) || !isWhole(p.C) ||
      !isWhole(p.F) || p.V >= (int64_t{1} << 28) || bytes < kLeastBytes ||
      divideUp(p.C, rows::kColumns * context->multiprocessors) > kOwnUnits)
    return 0;
  int most = 0;
  if (cudaDeviceGetAttribute(&most, cudaDevAttrMaxSharedMemoryPerBlockOptin, context->device) !=
      cudaSuccess)
    return 0;
  int stages = kMostStages;
  const auto fits = [&] {
    return sharedBytes(p, stages) + kStaticBytes <= static_cast<size_t>(most);
  };
  while (stages >= kFewest && !fits()) --stages;
  return stages >= kFewest ? stages : 0;
}

template <typename T, typename X, int kLanes>
Z2Status launch(Z2Context* context, const Z2DecodeStep& p, int stages) {
  auto* kernel = decodeStepKernel<T, X, kLanes>;
  const int splits = splitsOf(context, p);
  const size_t shared = sharedBytes(p, stages);
  const Z2Status status = allowShared(context, kernel, shared, "decodeStep");
  if (status != Z2_OK) return status;
  const Places places = Places::of(p, splits);
  auto* const workspace = static_cast<char*>(p.workspace);
  const auto at = [&](size_t place) { return reinterpret_cast<Message*>(workspace + place); };
  Model model{.step = p,
              .layers = {},
              .counters = reinterpret_cast<unsigned*>(workspace),
              .middle = at(places.middle),
              .end = at(places.end),
              .qkv = at(places.qkv),
              .inner = at(places.inner),
              .attended = at(places.attended),
              .stats = at(places.stats),
              .splits = splits,
              .stages = stages,
              .perHead = static_cast<uint32_t>(divideUp(int64_t{1} << 32, p.D))};
  model.step.layers = nullptr;
  std::copy_n(p.layers, p.L, model.layers);
  cudaLaunchAttribute together{};
  together.id = cudaLaunchAttributeCooperative;
  together.val.cooperative = 1;
  cudaLaunchConfig_t config{};
  config.gridDim = dim3(static_cast<unsigned>(context->multiprocessors));
  config.blockDim = dim3(kThreads + kCopyThreads);
  config.dynamicSmemBytes = shared;
  config.stream = context->stream;
  config.attrs = &together;
  config.numAttrs = 1;
  return check(context, cudaLaunchKernelEx(&config, kernel, model), "decodeStep");
}

template <typename T>
Z2Status byShape(Z2Context* context, const Z2DecodeStep& p, int stages) {
  if (p.residualType == Z2_F32)
    return p.D <= 64 ? launch<T, float, 8>(context, p, stages)
                     : launch<T, float, 16>(context, p, stages);
  return p.D <= 64 ? launch<T, T, 8>(context, p, stages) : launch<T, T, 16>(context, p, stages);
}

constexpr DecodeStepParts kParts = {.embeddingForward = embeddingForward,
                                    .rowLinear = rowLinear,
                                    .attentionStep = attentionStep,
                                    .rowLinearWorkspace = rowLinearWorkspace,
                                    .attentionStepWorkspace = attentionStepWorkspace};

// Bytes that belong to the messages of steps of one row, if those are this kernel's.
size_t messageBytes(const Z2Context* context, Z2DecodeStep p) {
  p.B = 1;
  return stagesFor(context, p) == 0 ? 0 : Places::of(p, splitsOf(context, p)).whole;
}

}  // namespace

size_t decodeStepWorkspace(Z2Context* context, const Z2DecodeStep* shape) {
  const size_t messages = messageBytes(context, *shape);
  return stagesFor(context, *shape) > 0
             ? messages
             : messages + DecodeStepByParts(context, *shape, kParts).workspaceBytes();
}

Z2Status decodeStep(Z2Context* context, const Z2DecodeStep* p) {
  if (p->B <= 0) return Z2_OK;
  if (p->residualType != p->type && p->residualType != Z2_F32)
    return fail(context, Z2_INVALID, "decodeStep: residualType must be type or fp32");
  if (const int stages = stagesFor(context, *p); stages > 0)
    return p->type == Z2_BF16 ? byShape<__nv_bfloat16>(context, *p, stages)
                              : byShape<__half>(context, *p, stages);
  Z2DecodeStep behind = *p;
  behind.workspace = static_cast<char*>(p->workspace) + messageBytes(context, *p);
  return DecodeStepByParts(context, behind, kParts).run();
}

}  // namespace z2::cuda
