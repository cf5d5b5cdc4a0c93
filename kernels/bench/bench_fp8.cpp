// A layer's operations in 8 bits: products, quantising, and what writes codes in place of its
// result.

#include <algorithm>

#include "kernels/bench/kernel_bench.h"

namespace z2 {

namespace {

Z2Codes codesOf(void* codes, void* transposed, Z2Scale* scale, Z2DType type, int32_t isKnown = 0) {
  return {
      .codes = codes, .transposed = transposed, .scale = scale, .type = type, .isKnown = isKnown};
}

}  // namespace

Result<Z2Scale*> KernelBench::scaleIn(BenchMemory& memory) const {
  Z2_TRY(void* scale, memory.bytes(sizeof(Z2Scale)));
  Z2_TRY_VOID(checked(ops_, ops_.fillZero(ops_.context, scale, sizeof(Z2Scale))));
  return static_cast<Z2Scale*>(scale);
}

// The products of a linear layer in 8 bits, and what quantising costs.
Result<void> KernelBench::linear8(const std::string& name, int64_t in, int64_t out) {
  BenchMemory memory(ops_);
  const int64_t wide = std::max(in, out);
  Z2_TRY(void* values, memory.elements(N_ * wide, type_));
  Z2_TRY(void* x, memory.bytes(static_cast<size_t>(N_ * in)));
  Z2_TRY(void* weight, memory.bytes(static_cast<size_t>(out * in)));
  Z2_TRY(void* dy, memory.bytes(static_cast<size_t>(N_ * out)));
  Z2_TRY(void* y, memory.elements(N_ * wide, type_));
  Z2_TRY(float* dWeight, memory.floats(out * in));
  Z2_TRY(Z2Scale * scale, scaleIn(memory));
  Z2Quantise quantise = {
      .out = codesOf(x, nullptr, scale, Z2_E4M3), .in = values, .N = N_, .C = in, .type = type_};
  Z2_TRY_VOID(moves("quantise_" + name, shapeOf({N_, in}), N_ * in * (width_ + 1), ops_.quantise,
                    quantise));
  quantise.out.codes = weight, quantise.N = out;
  Z2_TRY_VOID(checked(ops_, ops_.quantise(ops_.context, &quantise)));
  // The other way round in place of x: what is timed is the same.
  quantise.out.codes = dy, quantise.out.transposed = y, quantise.N = N_, quantise.C = out;
  quantise.out.type = Z2_E5M2;
  Z2_TRY_VOID(moves("quantise_both_" + name, shapeOf({N_, out}), N_ * out * (width_ + 2),
                    ops_.quantise, quantise));
  const double work = 2.0 * static_cast<double>(N_ * in * out);
  Z2MatmulFp8 a = {.out = y,
                   .a = x,
                   .b = weight,
                   .scaleA = &scale->scale,
                   .scaleB = &scale->scale,
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

Result<void> KernelBench::matmuls8() {
  Z2_TRY_VOID(linear8("qkv", C_, packed_));
  Z2_TRY_VOID(linear8("out", Q_, C_));
  Z2_TRY_VOID(linear8("gate_up", C_, 2 * F_));
  return linear8("down", F_, C_);
}

// Norms as in rmsNorm(); then the codes of their result alone, transposed.
Result<void> KernelBench::normCodes() {
  BenchMemory memory(ops_);
  Z2_TRY(void* residual, memory.elements(N_ * C_, type_));
  Z2_TRY(void* residualOut, memory.elements(N_ * C_, type_));
  Z2_TRY(void* delta, memory.elements(N_ * C_, type_));
  Z2_TRY(void* weight, memory.elements(C_, type_));
  Z2_TRY(float* rstd, memory.floats(N_));
  Z2_TRY(float* dWeight, memory.floats(C_));
  Z2_TRY(void* out, memory.bytes(static_cast<size_t>(N_ * C_)));
  Z2_TRY(void* workspace, memory.bytes(ops_.rmsNormBackwardWorkspace(ops_.context, N_, C_)));
  Z2_TRY(Z2Scale * scale, scaleIn(memory));
  const auto shaped = [&](auto a, const Z2Codes& codes) {
    a.weight = weight;
    a.rstd = rstd;
    a.N = N_;
    a.C = C_;
    a.type = a.residualType = type_;
    a.fused = 1;
    a.codes = &codes;
    return a;
  };
  const Z2Codes codes = codesOf(out, nullptr, scale, Z2_E4M3);
  auto forward = shaped(Z2RmsNormForward{}, codes);
  forward.residualOut = residualOut;
  forward.residualIn = residual;
  forward.delta = delta;
  forward.eps = 1e-5f;
  Z2_TRY_VOID(moves("rms_norm_forward_fp8", shapeOf({N_, C_}), N_ * C_ * (3 * width_ + 1),
                    ops_.rmsNormForward, forward));
  const Z2Codes again = codesOf(nullptr, out, scale, Z2_E4M3, 1);
  auto backward = shaped(Z2RmsNormBackward{}, again);
  backward.dResidual = delta;
  backward.dWeight = dWeight;
  backward.dOut = residual;
  backward.residual = residualOut;
  backward.accumulate = 1;
  backward.workspace = workspace;
  return moves("rms_norm_backward_fp8", shapeOf({N_, C_}), N_ * C_ * (5 * width_ + 1),
               ops_.rmsNormBackward, backward);
}

Result<void> KernelBench::swigluCodes() {
  BenchMemory memory(ops_);
  Z2_TRY(void* gateUp, memory.elements(N_ * 2 * F_, type_));
  Z2_TRY(void* dOut, memory.elements(N_ * F_, type_));
  Z2_TRY(void* out, memory.bytes(static_cast<size_t>(N_ * F_)));
  Z2_TRY(void* gradient, memory.bytes(static_cast<size_t>(N_ * 2 * F_)));
  Z2_TRY(void* transposed, memory.bytes(static_cast<size_t>(N_ * 2 * F_)));
  Z2_TRY(Z2Scale * scale, scaleIn(memory));
  Z2_TRY(Z2Scale * gradientScale, scaleIn(memory));
  const auto shaped = [&](auto a, const Z2Codes& codes) {
    a.gateUp = gateUp;
    a.N = N_;
    a.F = F_;
    a.type = type_;
    a.fused = 1;
    a.codes = &codes;
    return a;
  };
  const Z2Codes forwardCodes = codesOf(out, nullptr, scale, Z2_E4M3);
  Z2_TRY_VOID(moves("swiglu_forward_fp8", shapeOf({N_, F_}), N_ * F_ * (2 * width_ + 1),
                    ops_.swigluForward, shaped(Z2SwigluForward{}, forwardCodes)));
  const Z2Codes codes = codesOf(gradient, transposed, gradientScale, Z2_E5M2);
  const Z2Codes again = codesOf(nullptr, out, scale, Z2_E4M3, 1);
  auto backward = shaped(Z2SwigluBackward{}, codes);
  backward.dOut = dOut;
  backward.outCodes = &again;
  return moves("swiglu_backward_fp8", shapeOf({N_, F_}), N_ * F_ * (3 * width_ + 5),
               ops_.swigluBackward, backward);
}

}  // namespace z2
