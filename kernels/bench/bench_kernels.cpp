#include "kernels/bench/bench_kernels.h"

#include <algorithm>
#include <cmath>

#include "kernels/bench/kernel_bench.h"

namespace z2 {

Result<Json> KernelBench::run() {
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
  Z2_TRY_VOID(rowLinears());
  Z2_TRY_VOID(attentionStep());
  Z2_TRY_VOID(greedy());
  return std::move(rows_);
}

Result<void> KernelBench::ceilings() {
  constexpr int64_t kFloats = int64_t{16} << 20;
  BenchMemory memory(ops_);
  Z2_TRY(float* from, memory.floats(kFloats));
  Z2_TRY(float* to, memory.floats(kFloats));
  const Z2Convert copy = {.out = to, .in = from, .n = kFloats, .outType = Z2_F32, .inType = Z2_F32};
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

Result<Z2Matmul> KernelBench::square(BenchMemory& memory, int64_t n) {
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

std::vector<int32_t> KernelBench::tokens() const {
  std::vector<int32_t> values(static_cast<size_t>(N_));
  for (size_t i = 0; i < values.size(); ++i) {
    values[i] = static_cast<int32_t>(i * 7919 % static_cast<size_t>(V_));
  }
  return values;
}

Result<Json> benchKernels(const Z2Ops& ops, const KernelBenchOptions& options) {
  return KernelBench(ops, options).run();
}

}  // namespace z2
