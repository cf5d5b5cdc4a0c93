// Layers but for their products: what memory bounds, and attention.

#include <algorithm>
#include <cmath>

#include "kernels/bench/kernel_bench.h"

namespace z2 {

Result<void> KernelBench::embedding() {
  Z2_TRY(void* table, memory_.elements(V_ * C_, type_));
  Z2_TRY(void* out, memory_.elements(N_ * C_, type_));
  Z2_TRY(float* dTable, memory_.floats(V_ * C_));
  Z2_TRY(int32_t * ids, memory_.indices(tokens()));
  Z2_TRY(void* workspace, memory_.bytes(ops_.embeddingBackwardWorkspace(ops_.context, N_, C_)));
  const std::string shape = shapeOf({N_, C_, V_});
  const auto shaped = [&](auto a) {
    a.tokens = ids;
    a.N = N_;
    a.C = C_;
    a.V = V_;
    return a;
  };
  auto forward = shaped(Z2EmbeddingForward{});
  forward.out = out;
  forward.table = table;
  forward.outType = forward.tableType = type_;
  Z2_TRY_VOID(
      moves("embedding_forward", shape, N_ * C_ * 2 * width_, ops_.embeddingForward, forward));
  auto backward = shaped(Z2EmbeddingBackward{});
  backward.dTable = dTable;
  backward.dOut = out;
  backward.dOutType = type_;
  backward.workspace = workspace;
  return moves("embedding_backward", shape, N_ * C_ * (width_ + 8), ops_.embeddingBackward,
               backward);
}

Result<void> KernelBench::rmsNorm() {
  Z2_TRY(void* residual, memory_.elements(N_ * C_, type_));
  Z2_TRY(void* residualOut, memory_.elements(N_ * C_, type_));
  Z2_TRY(void* delta, memory_.elements(N_ * C_, type_));
  Z2_TRY(void* out, memory_.elements(N_ * C_, type_));
  Z2_TRY(void* weight, memory_.elements(C_, type_));
  Z2_TRY(float* rstd, memory_.floats(N_));
  Z2_TRY(float* dWeight, memory_.floats(C_));
  Z2_TRY(void* workspace, memory_.bytes(ops_.rmsNormBackwardWorkspace(ops_.context, N_, C_)));
  const auto shaped = [&](auto a) {
    a.weight = weight;
    a.rstd = rstd;
    a.N = N_;
    a.C = C_;
    a.type = a.residualType = type_;
    a.fused = 1;
    return a;
  };
  auto forward = shaped(Z2RmsNormForward{});
  forward.out = out;
  forward.residualOut = residualOut;
  forward.residualIn = residual;
  forward.delta = delta;
  forward.eps = 1e-5f;
  Z2_TRY_VOID(moves("rms_norm_forward", shapeOf({N_, C_}), N_ * C_ * 4 * width_,
                    ops_.rmsNormForward, forward));
  auto backward = shaped(Z2RmsNormBackward{});
  backward.dResidual = delta;
  backward.dWeight = dWeight;
  backward.dOut = out;
  backward.residual = residualOut;
  backward.accumulate = 1;
  backward.workspace = workspace;
  Z2_TRY_VOID(moves("rms_norm_backward", shapeOf({N_, C_}), N_ * C_ * 4 * width_,
                    ops_.rmsNormBackward, backward));
  if (!options_.hasFp8) return {};
  Z2_TRY(Z2Scale * scale, scaleIn(memory_));
  Z2_TRY(void* bytes, memory_.bytes(static_cast<size_t>(N_ * C_)));
  const Z2Codes codes = codesOf(bytes, nullptr, scale, Z2_E4M3);
  forward.out = nullptr, forward.codes = &codes;
  Z2_TRY_VOID(moves("rms_norm_forward_fp8", shapeOf({N_, C_}), N_ * C_ * (3 * width_ + 1),
                    ops_.rmsNormForward, forward));
  const Z2Codes again = codesOf(nullptr, bytes, scale, Z2_E4M3, 1);
  backward.codes = &again;
  return moves("rms_norm_backward_fp8", shapeOf({N_, C_}), N_ * C_ * (5 * width_ + 1),
               ops_.rmsNormBackward, backward);
}

Result<void> KernelBench::rope() {
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
Result<void> KernelBench::attention() {
  const auto& o = options_;
  Z2_TRY(void* qkv, memory_.elements(N_ * packed_, type_));
  Z2_TRY(void* dQkv, memory_.elements(N_ * packed_, type_));
  Z2_TRY(void* out, memory_.elements(N_ * Q_, type_));
  Z2_TRY(void* dOut, memory_.elements(N_ * Q_, type_));
  Z2_TRY(float* lse, memory_.floats(N_ * o.heads));
  const auto shaped = [&](auto a) {
    a.out = out;
    a.lse = lse;
    a.qkv = qkv;
    a.B = o.batch;
    a.T = o.length;
    a.Hq = o.heads;
    a.Hkv = o.kvHeads;
    a.D = o.headSize;
    a.scale = 1 / std::sqrt(static_cast<float>(o.headSize));
    a.type = type_;
    a.fused = 1;
    return a;
  };
  auto backward = shaped(Z2AttentionBackward{});
  backward.dQkv = dQkv;
  backward.dOut = dOut;
  Z2_TRY(backward.workspace, memory_.bytes(ops_.attentionWorkspace(ops_.context, &backward)));
  auto forward = shaped(Z2AttentionForward{});
  forward.workspace = backward.workspace;
  const std::string shape = shapeOf({o.batch, o.length, o.heads, o.kvHeads, o.headSize});
  const double product = static_cast<double>(N_ * o.length * Q_);
  Z2_TRY_VOID(computes("attention_forward", shape, 2 * product, ops_.attentionForward, forward));
  return computes("attention_backward", shape, 5 * product, ops_.attentionBackward, backward);
}

Result<void> KernelBench::swiglu() {
  Z2_TRY(void* gateUp, memory_.elements(N_ * 2 * F_, type_));
  Z2_TRY(void* dGateUp, memory_.elements(N_ * 2 * F_, type_));
  Z2_TRY(void* out, memory_.elements(N_ * F_, type_));
  Z2_TRY(void* dOut, memory_.elements(N_ * F_, type_));
  const auto shaped = [&](auto a) {
    a.gateUp = gateUp;
    a.N = N_;
    a.F = F_;
    a.type = type_;
    a.fused = 1;
    return a;
  };
  auto forward = shaped(Z2SwigluForward{});
  forward.out = out;
  Z2_TRY_VOID(moves("swiglu_forward", shapeOf({N_, F_}), N_ * F_ * 3 * width_, ops_.swigluForward,
                    forward));
  auto backward = shaped(Z2SwigluBackward{});
  backward.dGateUp = dGateUp;
  backward.dOut = dOut;
  Z2_TRY_VOID(moves("swiglu_backward", shapeOf({N_, F_}), N_ * F_ * 5 * width_, ops_.swigluBackward,
                    backward));
  if (!options_.hasFp8) return {};
  Z2_TRY(Z2Scale * scale, scaleIn(memory_));
  Z2_TRY(Z2Scale * gradientScale, scaleIn(memory_));
  Z2_TRY(void* bytes, memory_.bytes(static_cast<size_t>(N_ * F_)));
  const Z2Codes codes = codesOf(bytes, nullptr, scale, Z2_E4M3);
  forward.out = nullptr, forward.codes = &codes;
  Z2_TRY_VOID(moves("swiglu_forward_fp8", shapeOf({N_, F_}), N_ * F_ * (2 * width_ + 1),
                    ops_.swigluForward, forward));
  Z2_TRY(void* transposed, memory_.bytes(static_cast<size_t>(N_ * 2 * F_)));
  const Z2Codes gradient = codesOf(dGateUp, transposed, gradientScale, Z2_E5M2);
  const Z2Codes again = codesOf(nullptr, bytes, scale, Z2_E4M3, 1);
  backward.dGateUp = nullptr, backward.codes = &gradient, backward.outCodes = &again;
  return moves("swiglu_backward_fp8", shapeOf({N_, F_}), N_ * F_ * (3 * width_ + 5),
               ops_.swigluBackward, backward);
}

Result<void> KernelBench::crossEntropy() {
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

}  // namespace z2
