#include "kernels/cpu_ops.h"

#include <algorithm>
#include <chrono>
#include <cstring>
#include <utility>
#include <vector>

#include "kernels/cpu/checks.h"
#include "kernels/cpu/context.h"
#include "kernels/cpu/matmul.h"
#include "kernels/cpu/memory.h"
#include "kernels/cpu/reference.h"
#include "kernels/decode_step_parts.h"
#include "kernels/row_linear_parts.h"

namespace z2 {
namespace {

// An entry of the table: the arguments are checked, then the kernel runs.
template <auto kernel, typename Args>
Z2Status run(Z2Context* context, const Args* a) {
  if (std::string problem = check(*a); !problem.empty()) {
    return fail(context, Z2_INVALID, std::move(problem));
  }
  (context->kernels->*kernel)(*a, context->threads);
  return Z2_OK;
}

// The gradients of q and k are rotated back by a second pass.
Z2Status attentionBackward(Z2Context* context, const Z2AttentionBackward* a) {
  const Z2Status status = run<&KernelSet::attentionBackward>(context, a);
  return status != Z2_OK || a->rope == nullptr ? status : run<&KernelSet::rope>(context, a->rope);
}

// An empty sum is the references' business; the fast kernel needs memory to pack its operands in.
Z2Status matmul(Z2Context* context, const Z2Matmul* a) {
  if (std::string problem = check(*a); !problem.empty()) {
    return fail(context, Z2_INVALID, std::move(problem));
  }
  if (a->M == 0 || a->N == 0) return Z2_OK;
  if (a->K == 0) {
    reference::matmul(*a, context->threads);
    return Z2_OK;
  }
  if (context->hasAvx512 && a->type == Z2_F32 && a->outType == Z2_F32) {
    std::string problem = matmulByTorch(*a, context->threads);
    return problem.empty() ? Z2_OK : fail(context, Z2_FAILED, std::move(problem));
  }
  const size_t bytes = context->kernels->matmulScratch(*a, context->threads);
  if (!context->scratch.reserve(bytes)) {
    return fail(context, Z2_NO_MEMORY,
                "matmul: the machine has no memory left to pack operands in");
  }
  context->kernels->matmul(*a, context->threads, context->scratch.data());
  return Z2_OK;
}

// An entry that the reference serves: CPUs have no arithmetic of 8-bit floats to be fast with.
template <auto kernel, typename Args>
Z2Status runReference(Z2Context* context, const Args* a) {
  if (std::string problem = check(*a); !problem.empty()) {
    return fail(context, Z2_INVALID, std::move(problem));
  }
  kernel(*a, context->threads);
  return Z2_OK;
}

// The same for an entry that may give codes of 8 bits.
template <auto kernel, auto reference, typename Args>
Z2Status runOrCode(Z2Context* context, const Args* a) {
  return a->codes == nullptr ? run<kernel>(context, a) : runReference<reference>(context, a);
}
constexpr auto rmsNormForward =
    runOrCode<&KernelSet::rmsNormForward, reference::rmsNormForward, Z2RmsNormForward>;
constexpr auto swigluForward =
    runOrCode<&KernelSet::swigluForward, reference::swigluForward, Z2SwigluForward>;

// Generation's steps are put together from the fast kernels: they read each weight once as it is.
Z2Status rowLinear(Z2Context* context, const Z2RowLinear* a) {
  if (std::string problem = check(*a); !problem.empty()) {
    return fail(context, Z2_INVALID, std::move(problem));
  }
  return rowLinearByParts(context, *a,
                          {.rmsNormForward = rmsNormForward,
                           .matmul = matmul,
                           .swigluForward = swigluForward,
                           .add = run<&KernelSet::add>});
}

Z2Status attentionStep(Z2Context* context, const Z2AttentionStep* a) {
  if (std::string problem = check(*a); !problem.empty()) {
    return fail(context, Z2_INVALID, std::move(problem));
  }
  const int64_t width = a->Hkv * a->D, packed = (a->Hq + 2 * a->Hkv) * a->D;
  const Z2Rope rope = {.qkv = a->qkv,
                       .bias = nullptr,
                       .cosine = a->cosine,
                       .sine = a->sine,
                       .positions = a->positions,
                       .N = a->B,
                       .Hq = a->Hq,
                       .Hkv = a->Hkv,
                       .D = a->D,
                       .P = a->capacity,
                       .type = a->type,
                       .inverse = 0,
                       .fused = 1};
  context->kernels->rope(rope, context->threads);
  auto* length = static_cast<int32_t*>(a->workspace);
  const int64_t element = a->type == Z2_F32 ? 4 : 2;
  const auto bytes = static_cast<size_t>(width * element);
  for (int64_t b = 0; b < a->B; ++b) {
    const char* key = static_cast<const char*>(a->qkv) + (b * packed + a->Hq * a->D) * element;
    const int64_t place = (b * a->capacity + a->positions[b]) * width * element;
    std::memcpy(static_cast<char*>(a->keys) + place, key, bytes);
    std::memcpy(static_cast<char*>(a->values) + place, key + bytes, bytes);
    length[b] = a->positions[b] + 1;
  }
  const Z2AttentionCached cached = {.out = a->out,
                                    .q = a->qkv,
                                    .keys = a->keys,
                                    .values = a->values,
                                    .length = length,
                                    .B = a->B,
                                    .T = 1,
                                    .Hq = a->Hq,
                                    .Hkv = a->Hkv,
                                    .D = a->D,
                                    .capacity = a->capacity,
                                    .qStride = packed,
                                    .scale = a->scale,
                                    .type = a->type};
  return run<&KernelSet::attentionCached>(context, &cached);
}

size_t rowLinearWorkspace(Z2Context*, const Z2RowLinear* shape) {
  return RowLinearPlaces::of(*shape).end;
}

size_t attentionStepWorkspace(Z2Context*, const Z2AttentionStep* shape) {
  return static_cast<size_t>(shape->B) * sizeof(int32_t);
}

constexpr DecodeStepParts kDecodeStepParts = {.embeddingForward = run<&KernelSet::embeddingForward>,
                                              .rowLinear = rowLinear,
                                              .attentionStep = attentionStep,
                                              .rowLinearWorkspace = rowLinearWorkspace,
                                              .attentionStepWorkspace = attentionStepWorkspace};

size_t decodeStepWorkspace(Z2Context* context, const Z2DecodeStep* shape) {
  return DecodeStepByParts(context, *shape, kDecodeStepParts).workspaceBytes();
}

Z2Status decodeStep(Z2Context* context, const Z2DecodeStep* a) {
  if (std::string problem = check(*a); !problem.empty()) {
    return fail(context, Z2_INVALID, std::move(problem));
  }
  return DecodeStepByParts(context, *a, kDecodeStepParts).run();
}

void addWorkspaces(Z2Ops& ops) {
  ops.embeddingBackwardWorkspace = [](Z2Context*, int64_t, int64_t) { return size_t{0}; };
  ops.rmsNormBackwardWorkspace = [](Z2Context*, int64_t, int64_t C) {
    return static_cast<size_t>(C * kWeightGradBlocks) * sizeof(float);
  };
  ops.attentionWorkspace = [](Z2Context* context, const Z2AttentionBackward* shape) {
    return context->kernels->attentionWorkspace(*shape, context->threads);
  };
  ops.biasBackwardWorkspace = [](Z2Context*, int64_t, int64_t) { return size_t{0}; };
  ops.crossEntropyWorkspace = [](Z2Context*, int64_t N, int64_t V) {
    return static_cast<size_t>(N * V) * sizeof(float);
  };
  ops.squaredNormWorkspace = [](Z2Context*, int64_t n) {
    return (static_cast<size_t>(n / kNormBlock) + 1) * sizeof(double);
  };
  ops.rowLinearWorkspace = rowLinearWorkspace;
  ops.attentionStepWorkspace = attentionStepWorkspace;
  ops.decodeStepWorkspace = decodeStepWorkspace;
}

void addKernels(Z2Ops& ops) {
  ops.embeddingForward = run<&KernelSet::embeddingForward>;
  ops.embeddingBackward = run<&KernelSet::embeddingBackward>;
  ops.rmsNormForward = rmsNormForward;
  ops.rmsNormBackward = runOrCode<&KernelSet::rmsNormBackward, reference::rmsNormBackward>;
  ops.rope = run<&KernelSet::rope>;
  ops.attentionForward = run<&KernelSet::attentionForward>;
  ops.attentionBackward = attentionBackward;
  ops.attentionCached = run<&KernelSet::attentionCached>;
  ops.swigluForward = swigluForward;
  ops.swigluBackward = runOrCode<&KernelSet::swigluBackward, reference::swigluBackward>;
  ops.matmul = matmul;
  ops.biasBackward = run<&KernelSet::biasBackward>;
  ops.crossEntropy = run<&KernelSet::crossEntropy>;
  ops.squaredNorm = run<&KernelSet::squaredNorm>;
  ops.adamw = run<&KernelSet::adamw>;
  ops.convert = run<&KernelSet::convert>;
  ops.add = run<&KernelSet::add>;
  ops.dropout = run<&KernelSet::dropout>;
  ops.copyBlock = run<&KernelSet::copyBlock>;
  ops.quantise = runReference<reference::quantise>;
  ops.matmulFp8 = runReference<reference::matmulFp8>;
  ops.rowLinear = rowLinear;
  ops.attentionStep = attentionStep;
  ops.decodeStep = decodeStep;
  ops.greedy = runReference<reference::greedy>;
}

Z2Status noRecording(Z2Context* context) {
  return fail(context, Z2_INVALID, "the CPU runs operations at once and records none");
}

void addRecording(Z2Ops& ops) {
  ops.beginRecording = noRecording;
  ops.endRecording = [](Z2Context* context, Z2Recording** out) {
    *out = nullptr;
    return noRecording(context);
  };
  ops.replay = [](Z2Context* context, Z2Recording*) { return noRecording(context); };
  ops.releaseRecording = ops.replay;
}

double now() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

void addTimeline(Z2Ops& ops) {
  ops.beginSpan = [](Z2Context* context, const char*) {
    context->spans.push_back({now(), 0});
    return Z2_OK;
  };
  ops.endSpan = [](Z2Context* context) {
    if (context->spans.empty()) return fail(context, Z2_INVALID, "no span has begun");
    context->spans.back().end = now();
    return Z2_OK;
  };
  ops.takeSpans = [](Z2Context* context, Z2Span* out, int64_t room, int64_t* count) {
    const std::vector<Z2Span> spans = std::exchange(context->spans, {});
    *count = std::min(room, static_cast<int64_t>(spans.size()));
    for (int64_t i = 0; i < *count; ++i) {
      const Z2Span& its = spans[static_cast<size_t>(i)];
      out[i] = {its.begin - spans[0].begin, its.end - spans[0].begin};
    }
    return Z2_OK;
  };
}

// The table and what stands behind it.
struct CpuDevice {
  explicit CpuDevice(int threads) {
    context.threads = threads > 0 ? threads : availableCores();
    context.kernels = &fastestKernels();
    context.hasAvx512 = __builtin_cpu_supports("avx512f") != 0;
    ops.version = Z2_OPS_VERSION;
    ops.size = sizeof(Z2Ops);
    ops.context = &context;
    ops.lastError = [](Z2Context* of) { return of->lastError.c_str(); };
    addMemoryEntries(ops);
    addWorkspaces(ops);
    addKernels(ops);
    addRecording(ops);
    addTimeline(ops);
  }

  Z2Context context;
  Z2Ops ops = {};
};

}  // namespace

const Z2Ops& cpuOps(int threads) {
  static CpuDevice device(threads);
  return device.ops;
}

}  // namespace z2
