#include "kernels/bench/bench_kernels.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "kernels/bench/device_memory.h"

namespace z2 {
namespace {

using Seconds = std::chrono::duration<double>;

// One run of the benchmark: buffers of the model's shapes, and the rows measured so far.
class Bench {
 public:
  Bench(const Z2Ops& ops, const KernelBenchOptions& options)
      : ops_(ops),
        options_(options),
        memory_(ops),
        type_(static_cast<Z2DType>(options.type)),
        width_(static_cast<int64_t>(sizeOf(options.type))),
        N_(options.batch * options.length),
        C_(options.hidden),
        F_(options.intermediate),
        V_(options.vocabulary),
        Q_(options.heads * options.headSize),
        packed_((options.heads + 2 * options.kvHeads) * options.headSize) {}

  Result<Json> run() {
    Z2_TRY_VOID(ceilings());
    Z2_TRY_VOID(embedding());
    Z2_TRY_VOID(rmsNorm());
    Z2_TRY_VOID(rope());
    Z2_TRY_VOID(attention());
    Z2_TRY_VOID(swiglu());
    Z2_TRY_VOID(matmuls());
    if (options_.hasFp8) Z2_TRY_VOID(matmuls8());
    Z2_TRY_VOID(crossEntropy());
    Z2_TRY_VOID(optimizer());
    Z2_TRY_VOID(elementwise());
    return std::move(rows_);
  }

 private:
  // Seconds of one call: the best of several runs of calls back to back.
  template <typename Call>
  Result<double> time(Call call) {
    const auto batch = [&](int64_t calls) -> Result<double> {
      const auto start = std::chrono::steady_clock::now();
      for (int64_t i = 0; i < calls; ++i) Z2_TRY_VOID(checked(ops_, call()));
      Z2_TRY_VOID(checked(ops_, ops_.synchronize(ops_.context)));
      return Seconds(std::chrono::steady_clock::now() - start).count();
    };
    Z2_TRY_VOID(batch(1));
    Z2_TRY(const double once, batch(1));
    constexpr int kBatches = 5;
    const double wanted = options_.secondsPerKernel / kBatches / std::max(once, 1e-7);
    const auto calls = static_cast<int64_t>(std::clamp(wanted, 1.0, 10000.0));
    double best = once;
    for (int i = 0; i < kBatches; ++i) {
      Z2_TRY(const double seconds, batch(calls));
      best = std::min(best, seconds / static_cast<double>(calls));
    }
    return best;
  }

  template <typename Args>
  Result<double> time(Z2Status (*entry)(Z2Context*, const Args*), const Args& a) {
    return time([&] { return entry(ops_.context, &a); });
  }

  void add(std::string_view name, const std::string& shape, double seconds, const char* unit,
           double speed, double ceiling) {
    rows_.push_back({{"name", name},
                     {"shape", shape},
                     {"dtype", nameOf(options_.type)},
                     {"ms", seconds * 1e3},
                     {unit, speed},
                     {"ceiling", ceiling},
                     {"percent", 100 * speed / ceiling}});
  }
  // A kernel that memory bounds: `bytes` read and written.
  template <typename Args>
  Result<void> moves(std::string_view name, const std::string& shape, int64_t bytes,
                     Z2Status (*entry)(Z2Context*, const Args*), const Args& a) {
    Z2_TRY(const double seconds, time(entry, a));
    add(name, shape, seconds, "gb_s", static_cast<double>(bytes) / seconds * 1e-9, bandwidth_);
    return {};
  }
  template <typename Args>
  Result<void> computes(std::string_view name, const std::string& shape, double operations,
                        Z2Status (*entry)(Z2Context*, const Args*), const Args& a) {
    Z2_TRY(const double seconds, time(entry, a));
    add(name, shape, seconds, "tflop_s", operations / seconds * 1e-12, peak_);
    return {};
  }

  static std::string shapeOf(std::initializer_list<int64_t> sizes) {
    std::string text;
    for (const int64_t size : sizes) text += (text.empty() ? "" : "x") + std::to_string(size);
    return text;
  }

  Result<void> ceilings() {
    constexpr int64_t kFloats = int64_t{16} << 20;
    DeviceMemory memory(ops_);
    Z2_TRY(float* from, memory.floats(kFloats));
    Z2_TRY(float* to, memory.floats(kFloats));
    const Z2Convert copy = {
        .out = to, .in = from, .n = kFloats, .outType = Z2_F32, .inType = Z2_F32};
    Z2_TRY(const double copying, time(ops_.convert, copy));
    bandwidth_ = 8e-9 * static_cast<double>(kFloats) / copying;
    // Twice the size until a product is long enough to fill the device.
    constexpr double kLong = 2e-3;
    double seconds = 0;
    for (int64_t n = 1024; n <= 8192 && seconds < kLong; n *= 2) {
      Z2_TRY(const Z2Matmul product, square(memory, n));
      Z2_TRY(seconds, time(ops_.matmul, product));
      peak_ = std::max(peak_, 2e-12 * std::pow(static_cast<double>(n), 3) / seconds);
    }
    return {};
  }

  Result<Z2Matmul> square(DeviceMemory& memory, int64_t n) {
    Z2_TRY(void* a, memory.elements(n * n, type_));
    Z2_TRY(void* b, memory.elements(n * n, type_));
    Z2_TRY(void* out, memory.elements(n * n, type_));
    return Z2Matmul{.out = out,
                    .a = a,
                    .b = b,
                    .bias = nullptr,
                    .M = n,
                    .N = n,
                    .K = n,
                    .transposeA = 0,
                    .transposeB = 1,
                    .beta = 0,
                    .type = type_,
                    .outType = type_};
  }

  [[nodiscard]] std::vector<int32_t> tokens() const {
    std::vector<int32_t> values(static_cast<size_t>(N_));
    for (size_t i = 0; i < values.size(); ++i) {
      values[i] = static_cast<int32_t>(i * 7919 % static_cast<size_t>(V_));
    }
    return values;
  }

  Result<void> embedding() {
    Z2_TRY(void* table, memory_.elements(V_ * C_, type_));
    Z2_TRY(void* out, memory_.elements(N_ * C_, type_));
    Z2_TRY(float* dTable, memory_.floats(V_ * C_));
    Z2_TRY(int32_t * ids, memory_.indices(tokens()));
    Z2_TRY(void* workspace, memory_.bytes(ops_.embeddingBackwardWorkspace(ops_.context, N_, V_)));
    const std::string shape = shapeOf({N_, C_, V_});
    Z2_TRY_VOID(moves("embedding_forward", shape, N_ * C_ * 2 * width_, ops_.embeddingForward,
                      Z2EmbeddingForward{.out = out,
                                         .table = table,
                                         .tokens = ids,
                                         .N = N_,
                                         .C = C_,
                                         .V = V_,
                                         .outType = type_,
                                         .tableType = type_}));
    return moves("embedding_backward", shape, N_ * C_ * (width_ + 8), ops_.embeddingBackward,
                 Z2EmbeddingBackward{.dTable = dTable,
                                     .dOut = out,
                                     .tokens = ids,
                                     .N = N_,
                                     .C = C_,
                                     .V = V_,
                                     .dOutType = type_,
                                     .workspace = workspace});
  }

  Result<void> rmsNorm() {
    Z2_TRY(void* residual, memory_.elements(N_ * C_, type_));
    Z2_TRY(void* residualOut, memory_.elements(N_ * C_, type_));
    Z2_TRY(void* delta, memory_.elements(N_ * C_, type_));
    Z2_TRY(void* out, memory_.elements(N_ * C_, type_));
    Z2_TRY(void* weight, memory_.elements(C_, type_));
    Z2_TRY(float* rstd, memory_.floats(N_));
    Z2_TRY(float* dWeight, memory_.floats(C_));
    Z2_TRY(void* workspace, memory_.bytes(ops_.rmsNormBackwardWorkspace(ops_.context, N_, C_)));
    Z2_TRY_VOID(moves("rms_norm_forward", shapeOf({N_, C_}), N_ * C_ * 4 * width_,
                      ops_.rmsNormForward,
                      Z2RmsNormForward{.out = out,
                                       .rstd = rstd,
                                       .residualOut = residualOut,
                                       .residualIn = residual,
                                       .delta = delta,
                                       .weight = weight,
                                       .N = N_,
                                       .C = C_,
                                       .eps = 1e-5f,
                                       .type = type_,
                                       .residualType = type_,
                                       .dropout = {},
                                       .fused = 1,
                                       .amax = nullptr}));
    return moves("rms_norm_backward", shapeOf({N_, C_}), N_ * C_ * 4 * width_, ops_.rmsNormBackward,
                 Z2RmsNormBackward{.dResidual = delta,
                                   .dDelta = nullptr,
                                   .dWeight = dWeight,
                                   .dOut = out,
                                   .residual = residualOut,
                                   .weight = weight,
                                   .rstd = rstd,
                                   .N = N_,
                                   .C = C_,
                                   .type = type_,
                                   .residualType = type_,
                                   .dropout = {},
                                   .accumulate = 1,
                                   .fused = 1,
                                   .workspace = workspace,
                                   .outAgain = nullptr,
                                   .amax = nullptr});
  }

  Result<void> rope() {
    const int64_t half = options_.headSize / 2;
    Z2_TRY(void* qkv, memory_.elements(N_ * packed_, type_));
    Z2_TRY(float* cosine, memory_.floats(options_.length * half));
    Z2_TRY(float* sine, memory_.floats(options_.length * half));
    std::vector<int32_t> at(static_cast<size_t>(N_));
    for (size_t n = 0; n < at.size(); ++n) {
      at[n] = static_cast<int32_t>(n % static_cast<size_t>(options_.length));
    }
    Z2_TRY(int32_t * positions, memory_.indices(at));
    const int64_t rotated = (options_.heads + options_.kvHeads) * options_.headSize;
    return moves("rope", shapeOf({N_, packed_}), N_ * rotated * 2 * width_, ops_.rope,
                 Z2Rope{.qkv = qkv,
                        .bias = nullptr,
                        .cosine = cosine,
                        .sine = sine,
                        .positions = positions,
                        .N = N_,
                        .Hq = options_.heads,
                        .Hkv = options_.kvHeads,
                        .D = options_.headSize,
                        .P = options_.length,
                        .type = type_,
                        .inverse = 0,
                        .fused = 1});
  }

  // Operations are those of the causal half: 2 products forward, 5 backward.
  Result<void> attention() {
    const auto& o = options_;
    Z2_TRY(void* qkv, memory_.elements(N_ * packed_, type_));
    Z2_TRY(void* dQkv, memory_.elements(N_ * packed_, type_));
    Z2_TRY(void* out, memory_.elements(N_ * Q_, type_));
    Z2_TRY(void* dOut, memory_.elements(N_ * Q_, type_));
    Z2_TRY(float* lse, memory_.floats(N_ * o.heads));
    Z2AttentionBackward backward = {.dQkv = dQkv,
                                    .dOut = dOut,
                                    .out = out,
                                    .lse = lse,
                                    .qkv = qkv,
                                    .documentStart = nullptr,
                                    .B = o.batch,
                                    .T = o.length,
                                    .Hq = o.heads,
                                    .Hkv = o.kvHeads,
                                    .D = o.headSize,
                                    .scale = 1 / std::sqrt(static_cast<float>(o.headSize)),
                                    .type = type_,
                                    .dropout = {},
                                    .fused = 1,
                                    .workspace = nullptr,
                                    .rope = nullptr};
    Z2_TRY(backward.workspace, memory_.bytes(ops_.attentionWorkspace(ops_.context, &backward)));
    const std::string shape = shapeOf({o.batch, o.length, o.heads, o.kvHeads, o.headSize});
    const double product = static_cast<double>(N_ * o.length * Q_);
    Z2_TRY_VOID(computes("attention_forward", shape, 2 * product, ops_.attentionForward,
                         Z2AttentionForward{.out = out,
                                            .lse = lse,
                                            .qkv = qkv,
                                            .documentStart = nullptr,
                                            .B = o.batch,
                                            .T = o.length,
                                            .Hq = o.heads,
                                            .Hkv = o.kvHeads,
                                            .D = o.headSize,
                                            .scale = backward.scale,
                                            .type = type_,
                                            .dropout = {},
                                            .fused = 1,
                                            .workspace = backward.workspace}));
    return computes("attention_backward", shape, 5 * product, ops_.attentionBackward, backward);
  }

  Result<void> swiglu() {
    Z2_TRY(void* gateUp, memory_.elements(N_ * 2 * F_, type_));
    Z2_TRY(void* dGateUp, memory_.elements(N_ * 2 * F_, type_));
    Z2_TRY(void* out, memory_.elements(N_ * F_, type_));
    Z2_TRY(void* dOut, memory_.elements(N_ * F_, type_));
    Z2_TRY_VOID(moves("swiglu_forward", shapeOf({N_, F_}), N_ * F_ * 3 * width_, ops_.swigluForward,
                      Z2SwigluForward{.out = out,
                                      .gateUp = gateUp,
                                      .N = N_,
                                      .F = F_,
                                      .type = type_,
                                      .fused = 1,
                                      .amax = nullptr}));
    return moves("swiglu_backward", shapeOf({N_, F_}), N_ * F_ * 5 * width_, ops_.swigluBackward,
                 Z2SwigluBackward{.dGateUp = dGateUp,
                                  .out = nullptr,
                                  .dOut = dOut,
                                  .gateUp = gateUp,
                                  .N = N_,
                                  .F = F_,
                                  .type = type_,
                                  .fused = 1,
                                  .amax = nullptr});
  }

  // The three products of a linear layer from `in` to `out` features.
  Result<void> linear(const std::string& name, int64_t in, int64_t out) {
    DeviceMemory memory(ops_);
    Z2_TRY(void* x, memory.elements(N_ * in, type_));
    Z2_TRY(void* weight, memory.elements(out * in, type_));
    Z2_TRY(void* y, memory.elements(N_ * out, type_));
    Z2_TRY(float* dWeight, memory.floats(out * in));
    const double work = 2.0 * static_cast<double>(N_ * in * out);
    Z2Matmul a = {.out = y,
                  .a = x,
                  .b = weight,
                  .bias = nullptr,
                  .M = N_,
                  .N = out,
                  .K = in,
                  .transposeA = 0,
                  .transposeB = 1,
                  .beta = 0,
                  .type = type_,
                  .outType = type_};
    Z2_TRY_VOID(computes("matmul_" + name, shapeOf({a.M, a.N, a.K}), work, ops_.matmul, a));
    a.out = x;
    a.a = y;
    a.N = in;
    a.K = out;
    a.transposeB = 0;
    Z2_TRY_VOID(
        computes("matmul_" + name + "_data", shapeOf({a.M, a.N, a.K}), work, ops_.matmul, a));
    a = {.out = dWeight,
         .a = y,
         .b = x,
         .bias = nullptr,
         .M = out,
         .N = in,
         .K = N_,
         .transposeA = 1,
         .transposeB = 0,
         .beta = 1,
         .type = type_,
         .outType = Z2_F32};
    return computes("matmul_" + name + "_weight", shapeOf({a.M, a.N, a.K}), work, ops_.matmul, a);
  }

  // The same products of 8-bit floats, and what quantising costs.
  Result<void> linear8(const std::string& name, int64_t in, int64_t out) {
    DeviceMemory memory(ops_);
    const int64_t wide = std::max(in, out);
    Z2_TRY(void* values, memory.elements(N_ * wide, type_));
    Z2_TRY(void* x, memory.bytes(static_cast<size_t>(N_ * in)));
    Z2_TRY(void* weight, memory.bytes(static_cast<size_t>(out * in)));
    Z2_TRY(void* dy, memory.bytes(static_cast<size_t>(N_ * out)));
    Z2_TRY(void* y, memory.elements(N_ * wide, type_));
    Z2_TRY(float* dWeight, memory.floats(out * in));
    Z2_TRY(float* amax, memory.floats(4));
    Z2_TRY(float* scale, memory.floats(4));
    Z2_TRY_VOID(moves("amax_" + name, shapeOf({N_, out}), N_ * out * width_, ops_.amax,
                      Z2Amax{.amax = amax, .in = values, .n = N_ * out, .type = type_}));
    Z2Quantise quantise = {.codes = x,
                           .transposed = nullptr,
                           .scale = scale,
                           .in = values,
                           .amax = amax,
                           .N = N_,
                           .C = in,
                           .type = type_,
                           .codeType = Z2_E4M3};
    Z2_TRY_VOID(moves("quantise_" + name, shapeOf({N_, in}), N_ * in * (width_ + 1), ops_.quantise,
                      quantise));
    quantise.codes = weight, quantise.N = out;
    Z2_TRY_VOID(checked(ops_, ops_.quantise(ops_.context, &quantise)));
    // The other way round in place of x: what is timed is the same.
    quantise.codes = dy, quantise.transposed = y, quantise.N = N_, quantise.C = out;
    quantise.codeType = Z2_E5M2;
    Z2_TRY_VOID(moves("quantise_both_" + name, shapeOf({N_, out}), N_ * out * (width_ + 2),
                      ops_.quantise, quantise));
    const double work = 2.0 * static_cast<double>(N_ * in * out);
    Z2MatmulFp8 a = {.out = y,
                     .a = x,
                     .b = weight,
                     .scaleA = scale,
                     .scaleB = scale,
                     .bias = nullptr,
                     .M = N_,
                     .N = out,
                     .K = in,
                     .beta = 0,
                     .typeA = Z2_E4M3,
                     .typeB = Z2_E4M3,
                     .outType = type_,
                     .fastSums = 1};
    for (const int32_t fastSums : {1, 0}) {
      const std::string kind = fastSums == 1 ? "fp8_" + name : "fp8_exact_" + name;
      a.out = y, a.a = x, a.b = weight, a.M = N_, a.N = out, a.K = in;
      a.beta = 0, a.typeA = Z2_E4M3, a.outType = type_, a.fastSums = fastSums;
      Z2_TRY_VOID(computes(kind, shapeOf({a.M, a.N, a.K}), work, ops_.matmulFp8, a));
      a.a = dy, a.N = in, a.K = out, a.typeA = Z2_E5M2;
      Z2_TRY_VOID(computes(kind + "_data", shapeOf({a.M, a.N, a.K}), work, ops_.matmulFp8, a));
      a.out = dWeight, a.b = x, a.M = out, a.K = N_, a.beta = 1, a.outType = Z2_F32;
      Z2_TRY_VOID(computes(kind + "_weight", shapeOf({a.M, a.N, a.K}), work, ops_.matmulFp8, a));
    }
    return {};
  }

  Result<void> matmuls8() {
    Z2_TRY_VOID(linear8("qkv", C_, packed_));
    Z2_TRY_VOID(linear8("out", Q_, C_));
    Z2_TRY_VOID(linear8("gate_up", C_, 2 * F_));
    return linear8("down", F_, C_);
  }

  Result<void> matmuls() {
    Z2_TRY_VOID(linear("qkv", C_, packed_));
    Z2_TRY_VOID(linear("out", Q_, C_));
    Z2_TRY_VOID(linear("gate_up", C_, 2 * F_));
    Z2_TRY_VOID(linear("down", F_, C_));
    return linear("head", C_, V_);
  }

  Result<void> crossEntropy() {
    const int64_t rows = std::min<int64_t>(N_, 1024);
    Z2_TRY(void* logits, memory_.elements(rows * V_, type_));
    Z2_TRY(float* loss, memory_.floats(rows));
    Z2_TRY(int32_t * targets, memory_.indices(tokens()));
    return moves("cross_entropy", shapeOf({rows, V_}), rows * V_ * 2 * width_, ops_.crossEntropy,
                 Z2CrossEntropy{.logits = logits,
                                .loss = loss,
                                .logProb = nullptr,
                                .targets = targets,
                                .N = rows,
                                .V = V_,
                                .gradScale = 1,
                                .type = type_,
                                .writeGradient = 1,
                                .fused = 1,
                                .workspace = nullptr,
                                .weights = nullptr});
  }

  Result<void> optimizer() {
    const int64_t n = V_ * C_;
    Z2_TRY(float* master, memory_.floats(n));
    Z2_TRY(float* m, memory_.floats(n));
    Z2_TRY(void* v, memory_.bytes(static_cast<size_t>(n) * sizeof(float)));
    Z2_TRY(float* grad, memory_.floats(n));
    Z2_TRY(void* weights, memory_.elements(n, type_));
    Z2_TRY(void* sum, memory_.bytes(sizeof(double)));
    Z2_TRY(void* partial, memory_.bytes(ops_.squaredNormWorkspace(ops_.context, n)));
    Z2_TRY_VOID(moves("squared_norm", shapeOf({n}), n * 4, ops_.squaredNorm,
                      Z2SquaredNorm{.out = static_cast<double*>(sum),
                                    .x = grad,
                                    .n = n,
                                    .accumulate = 0,
                                    .workspace = partial}));
    const bool hasWeights = type_ != Z2_F32;
    return moves("adamw", shapeOf({n}), n * (32 + (hasWeights ? width_ : 0)), ops_.adamw,
                 Z2AdamW{.master = master,
                         .m = m,
                         .v = static_cast<float*>(v),
                         .grad = grad,
                         .weights = hasWeights ? weights : nullptr,
                         .squaredNorm = static_cast<const double*>(sum),
                         .n = n,
                         .lr = 1e-4f,
                         .beta1 = 0.9f,
                         .beta2 = 0.95f,
                         .eps = 1e-8f,
                         .weightDecay = 0.1f,
                         .gradScale = 1,
                         .maxNorm = 1,
                         .step = 10,
                         .weightType = type_,
                         .zeroGrad = 1,
                         .fused = 1});
  }

  Result<void> elementwise() {
    const int64_t n = N_ * F_;
    Z2_TRY(void* a, memory_.elements(n, type_));
    Z2_TRY(void* b, memory_.elements(n, type_));
    Z2_TRY(float* wide, memory_.floats(n));
    Z2_TRY_VOID(moves("convert", shapeOf({n}), n * (4 + width_), ops_.convert,
                      Z2Convert{.out = wide, .in = a, .n = n, .outType = Z2_F32, .inType = type_}));
    Z2Add sum = {.out = a, .a = a, .b = b, .n = n, .type = type_, .typeB = type_, .dropout = {}};
    Z2_TRY_VOID(moves("add", shapeOf({n}), n * 3 * width_, ops_.add, sum));
    sum.dropout = {.probability = 0.1f, .seed = 1, .stream = 2};
    return moves("add_dropout", shapeOf({n}), n * 3 * width_, ops_.add, sum);
  }

  const Z2Ops& ops_;
  KernelBenchOptions options_;
  DeviceMemory memory_;
  Z2DType type_;
  int64_t width_;  // bytes of an element
  int64_t N_, C_, F_, V_, Q_, packed_;
  double bandwidth_ = 0;  // GB/s of a copy, reads and writes counted
  double peak_ = 0;       // TFLOP/s
  Json rows_ = Json::array();
};

}  // namespace

Result<Json> benchKernels(const Z2Ops& ops, const KernelBenchOptions& options) {
  return Bench(ops, options).run();
}

}  // namespace z2
