// The products of a layer in 8 bits, and what quantising costs.

#include <algorithm>

#include "kernels/bench/kernel_bench.h"

namespace z2 {

Result<Z2Scale*> KernelBench::scaleIn(BenchMemory& memory) const {
  Z2_TRY(void* scale, memory.bytes(sizeof(Z2Scale)));
  Z2_TRY_VOID(checked(ops_, ops_.fillZero(ops_.context, scale, sizeof(Z2Scale))));
  return static_cast<Z2Scale*>(scale);
}

// Of a linear layer from `in` to `out` features.
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

}  // namespace z2
