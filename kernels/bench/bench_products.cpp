// The products of a layer and of the head.

#include "kernels/bench/kernel_bench.h"

namespace z2 {

// The three products of a linear layer from `in` to `out` features.
Result<void> KernelBench::linear(const std::string& name, int64_t in, int64_t out) {
  BenchMemory memory(ops_);
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
  Z2_TRY_VOID(computes("matmul_" + name + "_data", shapeOf({a.M, a.N, a.K}), work, ops_.matmul, a));
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

Result<void> KernelBench::matmuls() {
  Z2_TRY_VOID(linear("qkv", C_, packed_));
  Z2_TRY_VOID(linear("out", Q_, C_));
  Z2_TRY_VOID(linear("gate_up", C_, 2 * F_));
  Z2_TRY_VOID(linear("down", F_, C_));
  return linear("head", C_, V_);
}

}  // namespace z2
